package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.Document;

/** Moments of a source's history that are worth going back to. */
public final class Moments {
    private final List<OpTime> all = new ArrayList<>();
    private final Map<String, List<Integer>> byKind = new LinkedHashMap<>();

    /** Reads the history after a moment. */
    public static Moments after(MongodServer source, OpTime after) {
        var moments = new Moments();
        try (MongoClient client = source.client()) {
            for (BsonDocument entry : client.getDatabase("local")
                    .getCollection("oplog.rs", BsonDocument.class)
                    .find(new Document("ts", new Document("$gt", after.timestamp())))
                    .sort(new Document("$natural", 1))) {
                moments.add(entry);
            }
        }
        return moments;
    }

    private void add(BsonDocument entry) {
        OpTime at = OpTime.of(entry.getTimestamp("ts", new BsonTimestamp()));
        if (!all.isEmpty() && all.getLast().seconds() == at.seconds()) {
            byKind.computeIfAbsent("same second", _ -> new ArrayList<>()).add(all.size());
        }
        if (entry.getString("op").getValue().equals("c")) {
            byKind.computeIfAbsent(kind(entry.getDocument("o")), _ -> new ArrayList<>())
                    .add(all.size());
        }
        all.add(at);
    }

    private static String kind(BsonDocument command) {
        String name = command.getFirstKey();
        BsonValue value = command.getOrDefault(name, new BsonString(""));
        String about = value.isString() ? value.asString().getValue() : "";
        if (name.equals("renameCollection")) {
            return about.contains("agg_out")
                    ? "$out"
                    : about.contains("convertToCapped") ? "convertToCapped" : "rename";
        }
        if (name.equals("applyOps")) {
            return command.containsKey("partialTxn")
                    ? "inside a transaction"
                    : command.containsKey("prepare") ? "prepared" : "transaction";
        }
        return name;
    }

    /** How many entries there are from the first one to a moment. */
    public int count(OpTime to) {
        return (int) all.stream().filter(at -> at.compareTo(to) <= 0).count();
    }

    /**
     * Picks some, each with the word for what it is: the first and the last, of every kind of event the entry itself or the
     * one before it in turn, and for the rest any.
     */
    public NavigableMap<OpTime, String> pick(int count, Random random) {
        NavigableMap<OpTime, String> picked = new TreeMap<>();
        picked.put(all.getFirst(), "first entry");
        picked.put(all.getLast(), "last entry");
        List<String> kinds = new ArrayList<>(byKind.keySet());
        Collections.shuffle(kinds, random);
        for (int round = 0; round < 2; round++) {
            for (String kind : kinds) {
                List<Integer> places = byKind.getOrDefault(kind, List.of());
                int place = places.get(random.nextInt(places.size()));
                boolean before = (round + kinds.indexOf(kind)) % 2 == 0 && place > 0;
                if (picked.size() < count) {
                    picked.putIfAbsent(all.get(before ? place - 1 : place), before ? "before " + kind : kind);
                }
            }
        }
        while (picked.size() < Math.min(count, all.size())) {
            picked.putIfAbsent(all.get(random.nextInt(all.size())), "any");
        }
        return picked;
    }
}
