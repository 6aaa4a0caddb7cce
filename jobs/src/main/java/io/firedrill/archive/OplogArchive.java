package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Requests;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bson.BsonDocument;

/**
 * The archived oplog of one source: timelines, each a chain of links, each link a slice. The slice's bytes are stored first
 * and its link last, so that half a slice is none. A link's key follows from the link before it, and an object is created
 * only once: of two archivers that believe to be the only one, one wins. Thread-safe.
 */
public final class OplogArchive {
    private static final String LINK = "oplog-link";
    private static final String TIMELINE = "oplog-timeline";
    private static final Pattern LINK_NAME = Pattern.compile("(\\d{9})-([0-9a-f]{16})");
    private static final Pattern TIMELINE_NAME = Pattern.compile("\\d{6}");

    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final ArchiveKeys keys;
    private final SegmentStore slices;

    OplogArchive(ObjectStore store, ArchiveLayout layout, ArchiveKeys keys, SegmentStore slices) {
        this.store = store;
        this.layout = layout;
        this.keys = keys;
        this.slices = slices;
    }

    /** A link's place: everything that its key says. */
    private record Place(ObjectKey key, long number, OpTime after) {}

    private record Found(Place place, OplogLink link, String sha256, boolean sealed) {}

    /** Where the bytes of slices lie. */
    public SegmentStore slices() {
        return slices;
    }

    /** In order; none where nothing was ever archived. */
    public List<OplogTimeline> timelines() {
        try (Stream<ObjectInfo> found = store.list(layout.oplogTimelines())) {
            return found.map(info ->
                            info.key().value().substring(layout.oplogTimelines().length()))
                    .filter(name -> TIMELINE_NAME.matcher(name).matches())
                    .map(name -> timeline(Integer.parseInt(name)))
                    .toList();
        }
    }

    private OplogTimeline timeline(int number) {
        ObjectKey key = layout.oplogTimeline(number);
        OplogTimeline timeline = ArchiveFile.decode(TIMELINE, key, required(key), OplogTimeline::from, keys.store());
        if (timeline.number() != number) {
            throw ArchiveFile.damaged(key, "it is the head of timeline %d".formatted(timeline.number()));
        }
        return timeline;
    }

    /**
     * Begins a timeline.
     *
     * @return false if another has begun one under this number
     */
    public boolean begin(OplogTimeline timeline) {
        ObjectKey key = layout.oplogTimeline(timeline.number());
        return store.create(key, Content.of(encoded(TIMELINE, key, timeline.toBson())));
    }

    /** Where a timeline ends: one listing and one small object. */
    public OplogChainEnd end(OplogTimeline timeline) {
        List<Place> places = places(timeline);
        return places.isEmpty() ? headOf(timeline) : endOf(read(places.getLast()));
    }

    /**
     * The lowest cluster time of which a timeline can still hold an entry: that of its begin, unless links were deleted when
     * their time was over.
     */
    public OpTime oldest(OplogTimeline timeline) {
        return places(timeline).stream()
                .findFirst()
                .filter(first -> first.number > 1)
                .map(first -> first.after.next())
                .orElse(timeline.begin());
    }

    private OplogChainEnd headOf(OplogTimeline timeline) {
        byte[] bytes = required(layout.oplogTimeline(timeline.number()));
        return new OplogChainEnd(
                timeline.number(),
                0,
                timeline.begin(),
                timeline.term(),
                Digests.sha256Hex(bytes),
                ArchiveFile.isSealed(bytes));
    }

    private static OplogChainEnd endOf(Found found) {
        OplogLink link = found.link;
        return new OplogChainEnd(link.timeline(), link.number(), link.last(), link.term(), found.sha256, found.sealed);
    }

    /**
     * Adds the link whose slice is stored already.
     *
     * @return where the timeline ends now; empty if another has written the link that comes here
     */
    public Optional<OplogChainEnd> append(OplogLink link) {
        ObjectKey key = layout.oplogLink(link.timeline(), link.number(), link.after());
        byte[] bytes = encoded(LINK, key, link.toBson());
        if (!store.create(key, Content.of(bytes))) {
            return Optional.empty();
        }
        var place = new Place(key, link.number(), link.after());
        return Optional.of(endOf(new Found(place, link, Digests.sha256Hex(bytes), ArchiveFile.isSealed(bytes))));
    }

    /** All links of a timeline, in order; a chain that is broken anywhere is a {@code BACKUP_DAMAGED} that names where. */
    public List<OplogLink> links(OplogTimeline timeline) {
        return chain(timeline, places(timeline));
    }

    /**
     * The links that together hold every entry from one cluster time to another, both included, or as many of them as there
     * are; only they are read.
     */
    public List<OplogLink> links(OplogTimeline timeline, OpTime from, OpTime to) {
        return chain(timeline, places(timeline, from, to));
    }

    /** The same links, the newest first, each of them read when it is taken: whether one follows another is not looked at. */
    public Stream<OplogLink> newestFirst(OplogTimeline timeline, OpTime from, OpTime to) {
        return places(timeline, from, to).reversed().stream()
                .map(place -> chain(timeline, List.of(place)).getFirst());
    }

    private List<Place> places(OplogTimeline timeline, OpTime from, OpTime to) {
        List<Place> places = places(timeline);
        List<Place> wanted = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            boolean endsBefore =
                    i + 1 < places.size() && places.get(i + 1).after.compareTo(from) < 0;
            boolean beginsAfter = places.get(i).after.compareTo(to) >= 0 && places.get(i).number > 1;
            if (!endsBefore && !beginsAfter) {
                wanted.add(places.get(i));
            }
        }
        return wanted;
    }

    /**
     * A piece of a timeline of which no link is missing.
     *
     * @param from whoever stands here can go on: for the first piece the timeline's begin
     * @param to its last entry
     */
    public record Stretch(OpTime from, OpTime to) {}

    /** What is there of a timeline by the names of its links, in order: more than one piece means that links are missing. */
    public List<Stretch> stretches(OplogTimeline timeline) {
        List<Place> places = places(timeline);
        List<Stretch> stretches = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < places.size(); i++) {
            boolean last = i + 1 == places.size() || places.get(i + 1).number != places.get(i).number + 1;
            if (last) {
                stretches.add(new Stretch(
                        places.get(first).after, read(places.get(i)).link.last()));
                first = i + 1;
            }
        }
        return stretches;
    }

    /**
     * A slice, for those who delete it.
     *
     * @param bytes of its entries as they are stored; 0 where its link cannot be read
     * @param objects in the order in which they may go: as long as its link is there, a slice can be found
     */
    public record OldSlice(long bytes, List<ObjectKey> objects) {}

    /** The slices of a timeline that end before a time, oldest first; never its last one, on which the next follows. */
    public List<OldSlice> olderThan(OplogTimeline timeline, OpTime time) {
        List<Place> places = places(timeline);
        List<Place> older = new ArrayList<>();
        for (int i = 0; i + 1 < places.size() && places.get(i + 1).after.compareTo(time) < 0; i++) {
            older.add(places.get(i));
        }
        return Requests.all(older, this::oldSlice);
    }

    /** The addresses of all slices in the store, linked or not, and how many bytes each object has. */
    public Map<String, Long> stored() {
        Map<String, Long> stored = new TreeMap<>();
        try (Stream<ObjectInfo> found = store.list(layout.oplogSlices())) {
            found.forEach(info -> {
                String name = info.key().value().substring(layout.oplogSlices().length());
                String address = name.substring(name.indexOf('/') + 1);
                if (Digests.isSha256(address) && info.key().equals(sliceKey(address))) {
                    stored.put(address, info.bytes());
                }
            });
        }
        return stored;
    }

    public ObjectKey sliceKey(String address) {
        return layout.oplogSlice(Digests.checked(address));
    }

    /** How many links there are in all timelines; by their names, none is read. */
    public long linkCount() {
        return timelines().stream()
                .mapToLong(timeline -> places(timeline).size())
                .sum();
    }

    /**
     * What the links name.
     *
     * @param timeline the newest one
     * @param links the number of its last link, 0 where it has none
     * @param addresses of the slices that the links of all timelines name
     */
    public record Linked(int timeline, long links, Set<String> addresses) {}

    /** Reads every link; empty where there is no timeline, or one of them cannot be read, and so nothing is certain. */
    public Optional<Linked> linked() {
        Set<String> addresses = new HashSet<>();
        Optional<Linked> newest = Optional.empty();
        for (OplogTimeline timeline : timelines()) {
            List<Place> places = places(timeline);
            long links = places.isEmpty() ? 0 : places.getLast().number;
            try {
                Requests.all(places, this::read)
                        .forEach(found ->
                                addresses.add(found.link.slice().stored().address()));
            } catch (Failure failure) {
                if (failure.kind() != FailureKind.BACKUP_DAMAGED) {
                    throw failure;
                }
                return Optional.empty();
            }
            newest = Optional.of(new Linked(timeline.number(), links, addresses));
        }
        return newest;
    }

    /** What prunes have seen of slices without a link. */
    public UnlinkedLists unlinked() {
        return new UnlinkedLists(store, layout.oplogUnlinked());
    }

    /** What is damaged must not stay for ever; its slice cannot be told from another's any more. */
    private OldSlice oldSlice(Place place) {
        try {
            Segment stored = read(place).link.slice().stored();
            return new OldSlice(stored.bytesStored(), List.of(layout.oplogSlice(stored.address()), place.key));
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.BACKUP_DAMAGED) {
                throw failure;
            }
            return new OldSlice(0, List.of(place.key));
        }
    }

    private List<OplogLink> chain(OplogTimeline timeline, List<Place> places) {
        OplogChainEnd head = headOf(timeline);
        List<Found> found = Requests.all(places, this::read);
        for (int i = 0; i < found.size(); i++) {
            requireOf(found.get(i), head);
            // What the first one that is left follows may have been deleted when its time was over.
            if (i > 0 || found.get(i).link.number() == 1) {
                requireFollows(found.get(i), i > 0 ? endOf(found.get(i - 1)) : head);
            }
        }
        return found.stream().map(Found::link).toList();
    }

    /** Whoever has no key could else continue, in the clear, what was begun sealed. */
    private static void requireOf(Found found, OplogChainEnd head) {
        if (found.link.timeline() != head.timeline()) {
            throw broken(found, "it belongs to another timeline");
        }
        if (head.sealed() && !found.sealed) {
            throw broken(found, "it is not sealed, as its timeline is");
        }
    }

    private static void requireFollows(Found found, OplogChainEnd before) {
        OplogLink link = found.link;
        if (link.number() != before.number() + 1) {
            throw broken(found, "links %d to %d are missing".formatted(before.number() + 1, link.number() - 1));
        }
        if (!link.previous().equals(before.sha256())
                || !link.after().equals(before.last())
                || link.afterTerm() != before.term()) {
            throw broken(found, "it does not follow what is there");
        }
        if (before.sealed() && !found.sealed) {
            throw broken(found, "it is not sealed, as what comes before it is");
        }
        boolean begins = link.slice().first().compareTo(before.last()) >= (before.isBegin() ? 0 : 1);
        if (!begins || link.last().compareTo(link.slice().first()) < 0) {
            throw broken(found, "its entries are out of order");
        }
    }

    private static Failure broken(Found found, String why) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "the archived oplog is broken at %s (timeline %d, link %d, after %s): %s"
                        .formatted(
                                found.place.key.value(),
                                found.link.timeline(),
                                found.link.number(),
                                found.link.after(),
                                why),
                "Restore to a moment before it, or from a backup that is newer; and find out what changed the store.");
    }

    private Found read(Place place) {
        byte[] bytes = required(place.key);
        OplogLink link = ArchiveFile.decode(LINK, place.key, bytes, OplogLink::from, keys.store());
        if (link.number() != place.number || !link.after().equals(place.after)) {
            throw ArchiveFile.damaged(
                    place.key, "it is link %d of timeline %d".formatted(link.number(), link.timeline()));
        }
        return new Found(place, link, Digests.sha256Hex(bytes), ArchiveFile.isSealed(bytes));
    }

    /** By number; two of one number are a fork, which nobody can have written who kept to the rules. */
    private List<Place> places(OplogTimeline timeline) {
        String prefix = layout.oplogLinks(timeline.number());
        List<Place> places = new ArrayList<>();
        try (Stream<ObjectInfo> found = store.list(prefix)) {
            found.forEach(info -> {
                Matcher name = LINK_NAME.matcher(info.key().value().substring(prefix.length()));
                if (name.matches()) {
                    add(
                            places,
                            new Place(info.key(), Long.parseLong(name.group(1)), ArchiveLayout.time(name.group(2))));
                }
            });
        }
        return places;
    }

    private static void add(List<Place> places, Place next) {
        if (!places.isEmpty() && places.getLast().number == next.number) {
            throw ArchiveFile.damaged(next.key, "there is another link %d".formatted(next.number));
        }
        places.add(next);
    }

    private byte[] encoded(String kind, ObjectKey key, BsonDocument body) {
        return ArchiveFile.encode(kind, key, body, keys.writing());
    }

    private byte[] required(ObjectKey key) {
        return store.read(key, ArchiveFile.BYTES_MAX).orElseThrow(() -> ArchiveFile.missing(key));
    }
}
