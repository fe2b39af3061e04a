package io.portcurfew.daemon;

import io.portcurfew.alert.Alert;
import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.WebExposure;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.page.OwnerRedaction;
import io.portcurfew.page.PageContent;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.Scan;
import io.portcurfew.store.History;
import io.portcurfew.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the content of the status page from the last scan, the store and its history. */
final class PageContentCollector {

  private static final Logger LOG = LoggerFactory.getLogger(PageContentCollector.class);

  /** Bounds, since any user may open and close ports all day. */
  private static final int MOST_PERIODS = 2_000;

  private static final int MOST_RESOLVED = 500;
  private static final int MOST_OWNERS = 3;

  private final HostText host;
  private final Scan scan;
  private final Store store;
  private final Supplier<List<EventSourceReport>> events;
  private final InstantSource clock;
  private final Ticker ticker;

  PageContentCollector(
      HostText host,
      Scan scan,
      Store store,
      Supplier<List<EventSourceReport>> events,
      InstantSource clock,
      Ticker ticker) {
    this.events = events;
    this.ticker = ticker;
    this.host = host;
    this.scan = scan;
    this.store = store;
    this.clock = clock;
  }

  /** The content now, without owners if the reader may not see them. */
  PageContent collect(boolean owners) {
    Instant now = clock.instant();
    Instant since = now.minus(Duration.ofHours(PageContent.HOURS));
    Map<String, Alert> alerts = new LinkedHashMap<>();
    store.alerts().open().values().forEach(alert -> alerts.put(alert.id(), alert));
    store.alerts().resolved().forEach(alert -> alerts.put(alert.id(), alert));
    List<PageContent.OpenPeriod> periods = history(since, alerts);
    Scan.Result last = scan.last();
    PageContent all =
        new PageContent(
            BuildVersion.OF_THIS_BUILD,
            host,
            last == null ? null : last.judged(),
            scan.failedAt(),
            now,
            new ArrayList<>(alerts.values()),
            store.silences(now),
            store.firstSeen(),
            periods,
            events.get().stream().map(report -> health(report, now)).toList(),
            WebExposure.risks(scan.active().config().web(), scan.active().loaded().access(), now),
            true);
    return owners ? all : OwnerRedaction.of(all);
  }

  /** Reads through a connection of its own, so that a scan never waits for a reader. */
  private @Nullable List<PageContent.OpenPeriod> history(Instant since, Map<String, Alert> alerts) {
    try (History history = History.in(scan.active().config().state())) {
      history
          .resolvedAlerts(since, MOST_RESOLVED)
          .forEach(alert -> alerts.putIfAbsent(alert.id(), alert));
      return history.latestListeners(since, MOST_PERIODS).stream()
          .map(PageContentCollector::period)
          .toList();
    } catch (History.Unreadable e) {
      LOG.debug("the status page has no history", e);
      return null;
    }
  }

  private PageContent.EventSourceHealth health(EventSourceReport report, Instant now) {
    Duration last = report.last();
    return new PageContent.EventSourceHealth(
        report.name(),
        report.up(),
        report.why(),
        report.opened(),
        report.closed(),
        report.lost(),
        last == null ? null : now.minus(ticker.since(last)));
  }

  private static PageContent.OpenPeriod period(History.ListenerEntry entry) {
    String owners =
        entry.owners().stream()
            .limit(MOST_OWNERS)
            .map(Owner::toString)
            .collect(Collectors.joining(", "));
    return new PageContent.OpenPeriod(entry.place(), owners, entry.first(), entry.last());
  }
}
