package io.firedrill.report;

import io.firedrill.evidence.Units;
import io.firedrill.report.Shape.Anchor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the recovery time of each drill went: a bar of its phases, in the order in which they were run. */
final class StackChart {
    static final int BARS_MAX = 120;

    private static final String OTHERS = "other phases";
    private static final int NAMED_MAX = 6;
    private static final double LEFT = 56;
    private static final double RIGHT = Chart.WIDTH - 8;
    private static final double TOP = 14;
    private static final double FOOT = 186;
    private static final double BAR_MAX = 30;
    private static final double BAR_SHARE = 0.74;
    private static final double NUMBER_ROOM = 30;

    private final List<Run> drills;
    private final List<String> parts;
    private final ValueAxis seconds;
    private final List<Shape> shapes = new ArrayList<>();

    private StackChart(List<Run> drills) {
        this.drills = drills;
        this.parts = parts(drills);
        this.seconds = ValueAxis.upTo(
                Scale.DURATION,
                drills.stream().mapToDouble(StackChart::whole).max().orElse(1),
                TOP,
                FOOT);
    }

    /** Of the newest drills that ran. */
    static Chart of(List<Run> all) {
        List<Run> ran = all.stream().filter(run -> !run.isMissed()).toList();
        return new StackChart(ran.subList(Math.max(0, ran.size() - BARS_MAX), ran.size())).chart();
    }

    private static double whole(Run run) {
        return run.slices().stream().mapToDouble(Run.Slice::seconds).sum();
    }

    /** The phases that took most have a colour each, in the order in which they are run. */
    static List<String> parts(List<Run> drills) {
        Map<String, Double> all = new LinkedHashMap<>();
        drills.forEach(run -> run.slices().forEach(slice -> all.merge(slice.phase(), slice.seconds(), Double::sum)));
        boolean between = all.remove(Run.BETWEEN) != null;
        List<String> longest = all.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(NAMED_MAX)
                .map(Map.Entry::getKey)
                .toList();
        var parts =
                new ArrayList<>(all.keySet().stream().filter(longest::contains).toList());
        if (all.size() > parts.size()) {
            parts.add(OTHERS);
        }
        if (between) {
            parts.add(Run.BETWEEN);
        }
        return parts;
    }

    /** How long each part took in a run, in the order of the parts. */
    static Map<String, Double> shares(Run run, List<String> parts) {
        Map<String, Double> shares = new LinkedHashMap<>();
        parts.forEach(part -> shares.put(part, 0.0));
        run.slices()
                .forEach(slice -> shares.merge(
                        parts.contains(slice.phase()) ? slice.phase() : OTHERS, slice.seconds(), Double::sum));
        return shares;
    }

    private Chart chart() {
        shapes.addAll(seconds.marks(LEFT, RIGHT));
        double slot = (RIGHT - LEFT) / Math.max(1, drills.size());
        double width = Math.min(BAR_MAX, slot * BAR_SHARE);
        int every = (int) Math.ceil(NUMBER_ROOM / slot);
        for (int i = 0; i < drills.size(); i++) {
            double middle = LEFT + slot * (i + 0.5);
            bar(drills.get(i), middle - width / 2, width);
            if (i % every == 0) {
                String number = Long.toString(drills.get(i).record().seq());
                shapes.add(new Shape.Label(middle, FOOT + 14, number, Anchor.MIDDLE, Ink.SOFT));
            }
        }
        shapes.add(new Shape.Label(LEFT - 6, FOOT + 14, "run", Anchor.END, Ink.SOFT));
        var keys = new ArrayList<Chart.Key>();
        for (int i = 0; i < parts.size(); i++) {
            keys.add(Chart.Key.of(Shown.brief(parts.get(i)), ink(i)));
        }
        drills.stream()
                .filter(run -> !run.isProof())
                .map(Run::sign)
                .distinct()
                .sorted()
                .map(Chart.Key::of)
                .forEach(keys::add);
        return new Chart(
                "phases",
                "Recovery time of each drill by phase",
                "A bar for each of %d drills, cut into its phases. The table below has every number."
                        .formatted(drills.size()),
                Chart.WIDTH,
                FOOT + 22,
                shapes,
                keys);
    }

    private Ink ink(int part) {
        return parts.get(part).equals(Run.BETWEEN) ? Ink.part(Integer.MAX_VALUE) : Ink.part(part);
    }

    private void bar(Run run, double x, double width) {
        double reached = 0;
        Map<String, Double> shares = shares(run, parts);
        for (int i = 0; i < parts.size(); i++) {
            double share = shares.getOrDefault(parts.get(i), 0.0);
            double top = seconds.y(reached + share);
            double height = seconds.y(reached) - top;
            if (height > 0.05) {
                String title = "run %d, %s: %s"
                        .formatted(run.record().seq(), Shown.brief(parts.get(i)), Units.duration(share));
                shapes.add(new Shape.Box(x, top, width, height, ink(i), title));
            }
            reached += share;
        }
        if (!run.isProof()) {
            String title = "run %d %s".formatted(run.record().seq(), run.sign().words());
            double radius = Math.min(4.2, Math.max(2, width / 2));
            shapes.add(new Shape.Mark(x + width / 2, seconds.y(reached) - 7, radius, run.sign(), title));
        }
    }
}
