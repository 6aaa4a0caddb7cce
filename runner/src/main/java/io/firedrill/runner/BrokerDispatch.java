package io.firedrill.runner;

import io.firedrill.job.Dispatch;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends units of one run through the broker; what comes back has a queue that lives as long as this. */
final class BrokerDispatch implements Dispatch, AutoCloseable {
    private final BrokerLink link;
    private final Errand errand;
    private final JMSContext session;
    private final Queue units;
    private final TemporaryQueue reports;
    private final JMSProducer producer;
    private final JMSConsumer consumer;

    BrokerDispatch(BrokerLink link, Errand errand) {
        this.link = link;
        this.errand = errand;
        this.session = link.session(JMSContext.AUTO_ACKNOWLEDGE);
        this.units = session.createQueue(link.queue(errand.work(), errand.replicaSet()));
        this.reports = link.guarded(session::createTemporaryQueue);
        this.producer = session.createProducer().setJMSReplyTo(reports);
        this.consumer = link.guarded(() -> session.createConsumer(reports));
    }

    @Override
    public void send(Task task) {
        link.guarded(() -> producer.send(units, errand.with(task)));
    }

    @Override
    public Optional<Report> next(Duration patience) {
        @Nullable Message message = link.guarded(() -> consumer.receive(patience.toMillis()));
        return Optional.ofNullable(message).map(BrokerLink::body).map(UnitReports::read);
    }

    @Override
    public void close() {
        session.close();
    }
}
