package io.firedrill.runner;

import io.firedrill.doctor.Check;
import io.firedrill.doctor.Findings;
import io.firedrill.doctor.TlsCheck;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import java.time.InstantSource;
import java.util.List;

/** Looks at the broker, and tries there what runs and workers do. What it leaves is an empty queue, if the broker keeps such. */
final class BrokerExamination {
    /** Beside those of units: nobody takes anything from it. */
    static final String QUEUE = BrokerLink.QUEUES + "doctor";

    private static final long PATIENCE_MILLIS = 5_000;

    private final Broker broker;
    private final InstantSource clock;
    private final Findings findings = new Findings("broker");

    BrokerExamination(Broker broker, InstantSource clock) {
        this.broker = broker;
        this.clock = clock;
    }

    Findings examine() {
        findings.require(
                Check.REACHABLE,
                () -> findings.inside(isBelieved(), List.of(Check.REACHABLE, Check.QUEUES), this::inside));
        return findings;
    }

    private boolean isBelieved() {
        try (var transport = new BrokerTransport(broker.url())) {
            var tls = new TlsCheck(clock, findings);
            List<String> hosts = List.of(transport.host() + ":" + transport.port());
            if (transport.tls()) {
                return tls.encrypted(hosts, transport.files(), "trustStorePath in broker-url names it");
            }
            tls.plain(hosts, "Put sslEnabled=true into broker-url.");
            return true;
        }
    }

    private void inside() {
        try (var link = new BrokerLink(broker, "doctor")) {
            findings.ok(Check.REACHABLE, link.address() + link.asWhom());
            findings.require(Check.QUEUES, () -> {
                tried(link);
                findings.ok(Check.QUEUES, "made, sent to and taken from, as units and reports are");
            });
        }
    }

    /** Not in a transaction: there it would be told at its end only that nothing could be sent. */
    private static void tried(BrokerLink link) {
        try (JMSContext session = link.session(JMSContext.AUTO_ACKNOWLEDGE)) {
            link.guarded(() -> {
                Queue units = session.createQueue(QUEUE);
                exchange(session, units);
                TemporaryQueue reports = session.createTemporaryQueue();
                exchange(session, reports);
                return units;
            });
        }
    }

    /** Who takes out what was put in does not matter: another doctor may be at it. */
    private static void exchange(JMSContext session, Queue queue) {
        try (JMSConsumer consumer = session.createConsumer(queue)) {
            session.createProducer().setTimeToLive(PATIENCE_MILLIS).send(queue, "");
            var _ = consumer.receive(PATIENCE_MILLIS);
        }
    }
}
