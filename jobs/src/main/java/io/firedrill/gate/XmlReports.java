package io.firedrill.gate;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the reports that are XML, to their last tag: one that was cut off is none. Nothing outside the file is looked at. */
final class XmlReports {
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader xml;
    private final Deque<String> open = new ArrayDeque<>();

    private XmlReports(XMLStreamReader xml) {
        this.xml = xml;
    }

    /** JaCoCo's reports name a DTD; neither that nor any entity is followed. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    static GateReport.Counted read(byte[] bytes) throws NotAReport {
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(new ByteArrayInputStream(bytes));
            try {
                return new XmlReports(xml).counted();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException broken) {
            throw new NotAReport("is no whole XML: it breaks off or is malformed in line %d"
                    .formatted(
                            broken.getLocation() == null
                                    ? 0
                                    : broken.getLocation().getLineNumber()));
        }
    }

    private GateReport.Counted counted() throws XMLStreamException, NotAReport {
        do {
            xml.next();
        } while (!xml.isStartElement());
        open.push(xml.getLocalName());
        return switch (xml.getLocalName()) {
            case "testsuite", "testsuites" -> new GateReport.Counted(GateFormat.JUNIT, tests());
            case "report" -> new GateReport.Counted(GateFormat.JACOCO, jacoco());
            case "coverage" -> new GateReport.Counted(GateFormat.COBERTURA, cobertura());
            default ->
                throw new NotAReport(
                        "begins with <%s>, which is no report that is known".formatted(xml.getLocalName()));
        };
    }

    /** Goes on to the next opening tag, and past the end when there is none. */
    private boolean next() throws XMLStreamException {
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                open.push(xml.getLocalName());
                return true;
            }
            if (event == XMLStreamConstants.END_ELEMENT) {
                open.pop();
            }
        }
        return false;
    }

    /** Every test is counted; a suite may say of more that they failed, as some tools do of what failed outside of any test. */
    private GateFigures tests() throws XMLStreamException, NotAReport {
        long said = saidToFail();
        long saidBelow = 0;
        long run = 0;
        long failed = 0;
        long skipped = 0;
        boolean counts = false;
        while (next()) {
            switch (xml.getLocalName()) {
                case "testsuite" -> saidBelow += open.size() == 2 ? saidToFail() : 0;
                case "testcase" -> {
                    run++;
                    counts = true;
                }
                case "failure", "error" -> {
                    failed += counts ? 1 : 0;
                    counts = false;
                }
                case "skipped" -> {
                    skipped += counts ? 1 : 0;
                    counts = false;
                }
                default -> {}
            }
        }
        return new GateFigures.Tests(run - skipped, Math.max(failed, Math.max(said, saidBelow)), skipped);
    }

    private long saidToFail() throws NotAReport {
        return number("failures", 0) + number("errors", 0);
    }

    /** The counters of the whole stand right below the root. */
    private GateFigures jacoco() throws XMLStreamException, NotAReport {
        var lines = new GateFigures.Share(0, 0);
        var branches = new GateFigures.Share(0, 0);
        while (next()) {
            if (open.size() == 2 && xml.getLocalName().equals("counter")) {
                long covered = number("covered");
                var share = GateFigures.Share.counted(covered, covered + number("missed"));
                switch (String.valueOf(xml.getAttributeValue(null, "type"))) {
                    case "LINE" -> lines = share;
                    case "BRANCH" -> branches = share;
                    default -> {}
                }
            }
        }
        return new GateFigures.Coverage(lines, branches);
    }

    /** A rate alone does not say of how much. */
    private GateFigures cobertura() throws XMLStreamException, NotAReport {
        var lines = GateFigures.Share.counted(number("lines-covered"), number("lines-valid"));
        var branches = GateFigures.Share.counted(number("branches-covered"), number("branches-valid"));
        while (next()) {
            // To the end, to see that it is whole.
        }
        return new GateFigures.Coverage(lines, branches);
    }

    private long number(String attribute) throws NotAReport {
        if (xml.getAttributeValue(null, attribute) == null) {
            throw new NotAReport("has no %s in <%s>".formatted(attribute, xml.getLocalName()));
        }
        return number(attribute, 0);
    }

    private long number(String attribute, long otherwise) throws NotAReport {
        String text = xml.getAttributeValue(null, attribute);
        try {
            return text == null || text.isBlank() ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException _) {
            throw new NotAReport("has '%s' as %s".formatted(text, attribute));
        }
    }
}
