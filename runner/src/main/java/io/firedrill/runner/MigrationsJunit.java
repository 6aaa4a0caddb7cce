package io.firedrill.runner;

import io.firedrill.migration.ChangeState;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes migrations as JUnit's XML: a change that drifted fails, one that is pending is skipped, and so is a live lock told. */
final class MigrationsJunit implements MigrationsPrinter {
    private final PrintStream out;

    MigrationsJunit(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(MigrationsResult result) {
        var text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            write(xml, result);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException thrown) {
            throw new IllegalStateException("a text in memory cannot fail", thrown);
        }
        out.println(text);
    }

    private static void write(XMLStreamWriter xml, MigrationsResult result) throws XMLStreamException {
        int locked = result.isLocked() ? 1 : 0;
        long skipped =
                result.changes().stream().filter(MigrationsJunit::isSkipped).count();
        xml.writeStartElement("testsuites");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "migrations of " + Visible.of(result.artefact()));
        xml.writeAttribute("tests", String.valueOf(result.changes().size() + locked));
        xml.writeAttribute("failures", String.valueOf(result.drifted().size() + locked));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", String.valueOf(skipped));
        xml.writeAttribute("time", "0");
        for (MigrationsResult.Line change : result.changes()) {
            open(xml, result.tool(), change.name());
            outcome(xml, change);
            output(xml, change.findings());
            xml.writeEndElement();
        }
        if (result.isLocked() && result.lock() != null) {
            open(xml, result.tool(), "lock");
            failure(xml, "LOCKED", MigrationsTable.words(result.lock()));
            xml.writeEndElement();
        }
        output(xml, result.findings());
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static boolean isSkipped(MigrationsResult.Line change) {
        return change.state() == null || change.state() == ChangeState.PENDING;
    }

    private static void open(XMLStreamWriter xml, String tool, String name) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", tool);
        xml.writeAttribute("name", Visible.of(name));
        xml.writeAttribute("time", "0");
    }

    private static void outcome(XMLStreamWriter xml, MigrationsResult.Line change) throws XMLStreamException {
        if (isSkipped(change)) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", change.state() == null ? "no database was asked" : "pending");
        } else if (change.drifted() && change.state() != null) {
            failure(xml, change.state().name(), change.note());
        }
    }

    private static void failure(XMLStreamWriter xml, String type, String message) throws XMLStreamException {
        xml.writeEmptyElement("failure");
        xml.writeAttribute("type", type);
        xml.writeAttribute("message", Visible.of(message.isEmpty() ? type : message));
    }

    private static void output(XMLStreamWriter xml, List<MigrationsResult.Lint> findings) throws XMLStreamException {
        if (findings.isEmpty()) {
            return;
        }
        xml.writeStartElement("system-out");
        for (MigrationsResult.Lint finding : findings) {
            xml.writeCharacters("%s %s: %s. %s %s%n"
                    .formatted(
                            finding.level(),
                            finding.rule(),
                            Visible.of(finding.detail()),
                            finding.why(),
                            finding.recipe()));
        }
        xml.writeEndElement();
    }
}
