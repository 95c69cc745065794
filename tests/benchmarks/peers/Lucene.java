// Lucene: one segment, analysed terms, doc values for months and facets; or, for the cost of
// analysis, raw text through its ArabicAnalyzer. Run as a source file with a Lucene jar.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;

public class Lucene {
    static final String[] FACETS = {"person", "place", "organisation"};
    static final int HITS = 10, FACET_SIZE = 20, SNIPPET = 260, THREADS = 2;
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "build" -> build(Path.of(args[1]), Path.of(args[2]), false);
            case "analyse" -> build(Path.of(args[1]), Path.of(args[2]), true);
            default -> serve(Path.of(args[1]));
        }
    }

    static void build(Path source, Path folder, boolean analyse) throws Exception {
        Analyzer analyzer = analyse ? new ArabicAnalyzer() : new WhitespaceAnalyzer();
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setRAMBufferSizeMB(512);
        String name = analyse ? "articles.jsonl" : "terms.jsonl";
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(folder), config);
                BufferedReader lines = Files.newBufferedReader(source.resolve(name))) {
            ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(1000);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        for (String line = queue.take(); !line.isEmpty(); line = queue.take()) {
                            writer.addDocument(document(JSON.readTree(line), analyse));
                        }
                    } catch (IOException | InterruptedException error) {
                        error.printStackTrace();
                        System.exit(1);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                queue.put(line);
            }
            for (int i = 0; i < THREADS; i++) {
                queue.put("");
            }
            for (Thread thread : threads) {
                thread.join();
            }
            writer.forceMerge(1);
        }
    }

    static Document document(JsonNode record, boolean analyse) {
        Document document = new Document();
        document.add(new StringField("id", record.get("id").asText(), Field.Store.YES));
        String text = record.get("text").asText();
        String words = analyse ? text : record.get("terms").asText();
        document.add(new TextField("body", words, Field.Store.NO));
        document.add(new StoredField("text", text));
        String date = record.get("date").asText();
        int month = Integer.parseInt(date, 0, 4, 10) * 12 + Integer.parseInt(date, 5, 7, 10) - 1;
        document.add(new NumericDocValuesField("month", month));
        for (String facet : FACETS) {
            for (JsonNode value : record.get(facet)) {
                document.add(new SortedSetDocValuesField(facet, new BytesRef(value.asText())));
            }
        }
        return document;
    }

    static void serve(Path folder) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (DirectoryReader reader = DirectoryReader.open(MMapDirectory.open(folder))) {
            Lucene system = new Lucene(reader);
            out.println("{\"ready\": true}");
            out.flush();
            BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode asked = JSON.readTree(line);
                List<String> terms = new ArrayList<>();
                asked.get("terms").forEach(term -> terms.add(term.asText()));
                String mode = asked.get("mode").asText();
                long began = System.nanoTime();
                ObjectNode page = mode.equals("top")
                    ? system.top(asked.get("kind").asText(), terms)
                    : system.page(asked.get("kind").asText(), terms, mode.equals("page"));
                page.put("ns", System.nanoTime() - began);
                out.println(JSON.writeValueAsString(page));
                out.flush();
            }
        }
    }

    final IndexSearcher searcher;
    final List<LeafReaderContext> leaves;

    Lucene(DirectoryReader reader) {
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        leaves = reader.leaves();
    }

    static Query query(String kind, List<String> terms) {
        if (kind.equals("phrase")) {
            return new PhraseQuery("body", terms.toArray(new String[0]));
        }
        if (kind.equals("term")) {
            return new TermQuery(new Term("body", terms.get(0)));
        }
        BooleanClause.Occur occur =
            kind.equals("and") ? BooleanClause.Occur.MUST : BooleanClause.Occur.SHOULD;
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        terms.forEach(term -> builder.add(new TermQuery(new Term("body", term)), occur));
        return builder.build();
    }

    ObjectNode top(String kind, List<String> terms) throws IOException {
        ObjectNode page = JSON.createObjectNode();
        ArrayNode ids = page.putArray("ids");
        for (ScoreDoc hit : searcher.search(query(kind, terms), HITS).scoreDocs) {
            ids.add(searcher.storedFields().document(hit.doc).get("id"));
        }
        page.put("total", -1);
        return page;
    }

    ObjectNode page(String kind, List<String> terms, boolean snippets) throws IOException {
        TopScoreDocCollector best = TopScoreDocCollector.create(HITS, Integer.MAX_VALUE);
        Matches matches = new Matches();
        searcher.search(query(kind, terms), MultiCollector.wrap(best, matches));
        TopDocs top = best.topDocs();
        ObjectNode page = JSON.createObjectNode();
        page.put("total", top.totalHits.value);
        ArrayNode ids = page.putArray("ids");
        ArrayNode made = page.putArray("snippets");
        for (ScoreDoc hit : top.scoreDocs) {
            Document document = searcher.storedFields().document(hit.doc);
            ids.add(document.get("id"));
            if (snippets) {
                made.add(snippet(document.get("text"), terms));
            }
        }
        months(matches, page.putObject("months"));
        ObjectNode facets = page.putObject("facets");
        for (String facet : FACETS) {
            count(matches, facet, facets.putArray(facet));
        }
        return page;
    }

    void months(Matches matches, ObjectNode out) throws IOException {
        int[] counts = new int[12 * 3000];
        for (int leaf = 0; leaf < matches.found.size(); leaf++) {
            NumericDocValues values = matches.contexts.get(leaf).reader().getNumericDocValues("month");
            FixedBitSet bits = matches.found.get(leaf);
            DocIdSetIterator docs = new BitSetIterator(bits, 0);
            for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                if (values.advanceExact(doc)) {
                    counts[(int) values.longValue()]++;
                }
            }
        }
        for (int month = 0; month < counts.length; month++) {
            if (counts[month] > 0) {
                out.put(String.format("%04d-%02d", month / 12, month % 12 + 1), counts[month]);
            }
        }
    }

    // Of one segment, as forceMerge left it: ordinals need no map.
    void count(Matches matches, String facet, ArrayNode out) throws IOException {
        if (matches.found.isEmpty()) {
            return;
        }
        SortedSetDocValues values =
            matches.contexts.get(0).reader().getSortedSetDocValues(facet);
        int[] counts = new int[(int) values.getValueCount()];
        DocIdSetIterator docs = new BitSetIterator(matches.found.get(0), 0);
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
            if (values.advanceExact(doc)) {
                for (int i = values.docValueCount(); i > 0; i--) {
                    counts[(int) values.nextOrd()]++;
                }
            }
        }
        PriorityQueue<Integer> best = new PriorityQueue<>(
            Comparator.<Integer>comparingInt(ord -> counts[ord]).thenComparing(ord -> -ord));
        for (int ord = 0; ord < counts.length; ord++) {
            if (counts[ord] > 0 && (best.size() < FACET_SIZE || counts[ord] > counts[best.peek()])) {
                best.add(ord);
                if (best.size() > FACET_SIZE) {
                    best.poll();
                }
            }
        }
        Integer[] ords = new Integer[best.size()];
        for (int i = ords.length - 1; i >= 0; i--) {
            ords[i] = best.poll();
        }
        for (int ord : ords) {
            out.addArray().add(values.lookupOrd(ord).utf8ToString()).add(counts[ord]);
        }
    }

    // Words are found by containment: cheaper than any analysis of them would be.
    static String snippet(String text, List<String> terms) {
        List<int[]> marks = new ArrayList<>();
        int at = 0, size = text.length();
        while (at < size) {
            while (at < size && !Character.isLetterOrDigit(text.charAt(at))) {
                at++;
            }
            int end = at;
            while (end < size && Character.isLetterOrDigit(text.charAt(end))) {
                end++;
            }
            if (end > at) {
                String word = text.substring(at, end);
                for (String term : terms) {
                    if (word.contains(term)) {
                        marks.add(new int[] {at, end});
                        break;
                    }
                }
            }
            at = end;
        }
        if (marks.isEmpty()) {
            return text.substring(0, Math.min(SNIPPET, size));
        }
        int best = 0, bestFirst = 0, first = 0;
        for (int last = 0; last < marks.size(); last++) {
            while (marks.get(last)[1] - marks.get(first)[0] > SNIPPET && first < last) {
                first++;
            }
            if (last - first + 1 > best) {
                best = last - first + 1;
                bestFirst = first;
            }
        }
        int from = marks.get(bestFirst)[0], to = marks.get(bestFirst + best - 1)[1];
        int start = Math.max(0, from - Math.max(0, SNIPPET - (to - from)) / 2);
        StringBuilder out = new StringBuilder();
        at = start;
        for (int[] mark : marks.subList(bestFirst, bestFirst + best)) {
            out.append(text, at, mark[0]).append('[').append(text, mark[0], mark[1]).append(']');
            at = mark[1];
        }
        return out.append(text, at, Math.max(at, Math.min(size, start + SNIPPET))).toString();
    }

    static class Matches extends SimpleCollector {
        final List<FixedBitSet> found = new ArrayList<>();
        final List<LeafReaderContext> contexts = new ArrayList<>();
        FixedBitSet bits;

        @Override
        protected void doSetNextReader(LeafReaderContext context) {
            bits = new FixedBitSet(context.reader().maxDoc());
            found.add(bits);
            contexts.add(context);
        }

        @Override
        public void collect(int doc) {
            bits.set(doc);
        }

        @Override
        public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
        }
    }
}
