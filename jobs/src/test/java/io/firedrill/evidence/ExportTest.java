package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ExportTest {
    private final SampleLedger ledger = new SampleLedger(5);

    @Test
    void aRunIsARowWithItsFiguresAndItsApprovals() throws IOException {
        ledger.approve(1, "grace", SampleLedger.APPROVER);
        List<CSVRecord> rows = rows();
        assertThat(rows).hasSize(5);
        CSVRecord first = rows.getFirst();
        assertThat(first.get("seq")).isEqualTo("1");
        assertThat(first.get("kind")).isEqualTo("restore-drill");
        assertThat(first.get("verdict")).isEqualTo("PROVEN");
        assertThat(Double.parseDouble(first.get("rtoSeconds"))).isPositive();
        assertThat(first.get("rtoMet")).isEqualTo("true");
        assertThat(first.get("approvals")).isEqualTo("approved by grace (data owner)");
        assertThat(first.get("sha256")).isEqualTo(ledger.ledger.entry(1).sha256());
        assertThat(rows.get(4).get("rtoSeconds")).isEmpty();
    }

    @Test
    void theFirstColumnsStayWhatTheyAre() {
        assertThat(text()).startsWith("seq,recordId,kind,mode,runId,operator,version,startedAt,finishedAt,recordedAt,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"})
    void whatASpreadsheetWouldTakeForAFormulaIsAText(String hostile) throws IOException {
        ObjectNode run = SampleLedger.run(0);
        run.withObject("/result").put("message", hostile);
        ledger.writer(SampleLedger.KEY).append(run);
        assertThat(rows().getLast().get("message")).isEqualTo("'" + hostile);
    }

    @Test
    void quotesAndLinesStayInTheirCell() throws IOException {
        ObjectNode run = SampleLedger.run(0);
        run.withObject("/who").put("operator", "a \"b\", c\r\n2,x,<script>");
        ledger.writer(SampleLedger.KEY).append(run);
        assertThat(rows().getLast().get("operator")).isEqualTo("a \"b\", c\r\n2,x,<script>");
        assertThat(rows()).hasSize(6);
    }

    @Test
    void aPeriodLeavesTheOthersOut() {
        assertThat(new LedgerExport(ledger.ledger, Period.of("1999")).json().path("runs"))
                .isEmpty();
        ObjectNode all = new LedgerExport(ledger.ledger, Period.ALWAYS).json();
        assertThat(all.path("runs")).hasSize(5);
        assertThat(all.at("/runs/0/documents").isNumber()).isTrue();
        assertThat(all.at("/runs/4/rtoSeconds").isNull()).isTrue();
    }

    private String text() {
        var text = new StringBuilder();
        new LedgerExport(ledger.ledger, Period.ALWAYS).csv(text);
        return text.toString();
    }

    private List<CSVRecord> rows() throws IOException {
        return CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(text()))
                .getRecords();
    }
}
