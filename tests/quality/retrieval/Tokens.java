// Tokens: the terms of each line of stdin by Lucene's ArabicAnalyzer, or, with "time", only the
// CPU time that it takes, after a warm-up. Run as a source file with a Lucene jar.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

public class Tokens {
    public static void main(String[] args) throws Exception {
        ArabicAnalyzer analyzer = new ArabicAnalyzer();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add(line);
        }
        if (args.length > 0) {
            int rounds = Integer.parseInt(args[0]);
            for (int round = 0; round < rounds; round++) {
                long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long all = process().getProcessCpuTime();
                long tokens = 0;
                for (String line : lines) {
                    tokens += read(analyzer, line, null);
                }
                long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
                all = process().getProcessCpuTime() - all;
                System.out.println(tokens + " " + nanos / 1e9 + " " + all / 1e9);
            }
            return;
        }
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        for (String line : lines) {
            StringBuilder terms = new StringBuilder();
            read(analyzer, line, terms);
            out.println(terms);
        }
        out.flush();
    }

    static com.sun.management.OperatingSystemMXBean process() {
        return (com.sun.management.OperatingSystemMXBean)
                ManagementFactory.getOperatingSystemMXBean();
    }

    static long read(ArabicAnalyzer analyzer, String line, StringBuilder terms) throws Exception {
        long tokens = 0;
        try (TokenStream stream = analyzer.tokenStream("body", line)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                tokens++;
                if (terms != null) {
                    terms.append(terms.length() > 0 ? " " : "").append(term);
                }
            }
            stream.end();
        }
        return tokens;
    }
}
