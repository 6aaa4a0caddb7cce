package io.firedrill.report;

import io.firedrill.evidence.Period;
import io.firedrill.evidence.QuarterLedger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A report of a test's ledger, read again by parsers that know nothing of it. */
final class Told {
    static final Instant LATER = Instant.parse("2027-01-10T00:00:00Z");

    final PeriodReport report;

    Told(QuarterLedger ledger, String period, Instant now) {
        report =
                PeriodReport.of(ledger.ledger(), Period.of(period), PeriodReport.Verified.of(ledger.verify()), now, 14);
    }

    static Told quarter(QuarterLedger ledger) {
        return new Told(ledger, "2026-Q4", LATER);
    }

    List<CSVRecord> rows() {
        try {
            return CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(new StringReader(report.csv()))
                    .getRecords();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    Document html() {
        return xml(report.html());
    }

    static Document xml(String page) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
        } catch (ParserConfigurationException | SAXException thrown) {
            throw new AssertionError("the page is not well-formed", thrown);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    static List<Element> elements(Document page, String name) {
        NodeList found = page.getElementsByTagName(name);
        var all = new ArrayList<Element>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    /** The text of each sheet. */
    static List<String> sheets(byte[] pdf) {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            var sheets = new ArrayList<String>();
            for (int i = 1; i <= document.getNumberOfPages(); i++) {
                var stripper = new PDFTextStripper();
                stripper.setSortByPosition(true);
                stripper.setStartPage(i);
                stripper.setEndPage(i);
                sheets.add(stripper.getText(document));
            }
            return sheets;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    String pdf() {
        return String.join("\n", sheets(report.pdf()));
    }
}
