package io.firedrill.report;

import io.firedrill.evidence.Units;

/** In what the values of a chart are measured: how they are written, and where its axis has marks. */
enum Scale {
    /** In seconds. */
    DURATION {
        @Override
        double step(double longest, int marksMax) {
            return Units.step(longest, marksMax);
        }

        @Override
        String words(double value) {
            return Units.duration(value);
        }

        @Override
        String brief(double value) {
            return Units.brief(value);
        }
    },
    /** In bytes a second. */
    THROUGHPUT {
        @Override
        double step(double longest, int marksMax) {
            double step = Math.pow(10, Math.floor(Math.log10(longest / marksMax)));
            double marks = longest / marksMax / step;
            return step * (marks <= 1 ? 1 : marks <= 2 ? 2 : marks <= 5 ? 5 : 10);
        }

        @Override
        String words(double value) {
            return Units.rate(value);
        }

        @Override
        String brief(double value) {
            return Units.rate(value).replace(".0 ", " ");
        }
    };

    /** A round value between the marks of an axis that is so long, so that it has no more than so many. */
    abstract double step(double longest, int marksMax);

    abstract String words(double value);

    /** The same where there is little room. */
    abstract String brief(double value);
}
