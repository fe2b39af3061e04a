package io.portcurfew.daemon;

import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.Platform;
import io.portcurfew.explain.PortQuery;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.host.OwnerViewers;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.page.ExplanationHtml;
import io.portcurfew.page.OwnerRedaction;
import io.portcurfew.page.PageContent;
import io.portcurfew.page.StatusHtml;
import io.portcurfew.page.StatusJson;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.AgentHealth;
import io.portcurfew.scan.Scan;
import io.portcurfew.store.Store;
import io.portcurfew.web.Health;
import io.portcurfew.web.PageSource;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The content of the web server's pages: metrics, health, the status page and its JSON. */
final class AgentStatus implements PageSource {

  private static final Path ROOT = Path.of("/");

  /** The pages for people; the templates are read for the first reader, whom few agents have. */
  private static final class Pages {
    static final StatusHtml STATUS = new StatusHtml();
    static final ExplanationHtml EXPLANATION = new ExplanationHtml();
  }

  private final Scan scan;
  private final Supplier<List<EventSourceReport>> events;
  private final Metrics metrics;
  private final Dispatcher dispatcher;
  private final Store store;
  private final PageContentCollector contents;
  private final OwnerViewers readers = new OwnerViewers(ROOT);
  private final RenderCache<byte[]> rendered;

  AgentStatus(
      Scan scan,
      Supplier<List<EventSourceReport>> events,
      Metrics metrics,
      Dispatcher dispatcher,
      Store store,
      PageContentCollector contents,
      Ticker ticker) {
    this.scan = scan;
    this.events = events;
    this.metrics = metrics;
    this.dispatcher = dispatcher;
    this.store = store;
    this.contents = contents;
    this.rendered = new RenderCache<>(ticker);
  }

  @Override
  public Health health() {
    Scan.Result last = scan.last();
    boolean overdue = isOverdue();
    String why =
        last == null
            ? "no scan has ended yet"
            : "last scan " + scan.sinceLast().toSeconds() + " s ago";
    return new Health(!overdue, last != null && !overdue, why);
  }

  /**
   * While scans are overdue, compliance is not exported, because the last scan is out of date. As
   * {@link #health}, it waits for no disk.
   */
  @Override
  public String metrics(boolean openMetrics) {
    if (isOverdue()) {
      metrics.scanOverdue();
    }
    metrics.outbox(dispatcher.outbox());
    metrics.store(store.writeState(), store.ledger().head());
    metrics.eventSources(events.get());
    return metrics.scrape(openMetrics);
  }

  private boolean isOverdue() {
    return AgentHealth.isLate(scan.active().config().scan(), scan.sinceLast());
  }

  @Override
  public boolean showsOwnersTo(InetSocketAddress client, InetSocketAddress server) {
    return readers.includes(client, server);
  }

  @Override
  public Object peer(InetSocketAddress client, InetSocketAddress server) {
    return OwnerViewers.user(client, server)
        .<Object>map(UserGroup::of)
        .orElseGet(client::getAddress);
  }

  @Override
  public HtmlPage page(boolean owners) {
    byte[] text =
        rendered.get("page " + owners, () -> utf8(Pages.STATUS.render(contents.collect(owners))));
    return new HtmlPage(text, Pages.STATUS.contentSecurityPolicy());
  }

  @Override
  public byte[] json(Resource resource, boolean owners) {
    return rendered.get(
        resource + " " + owners, () -> utf8(json(resource, contents.collect(owners))));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Resource resource, PageContent page) {
    return switch (resource) {
      case STATUS -> StatusJson.status(page);
      case ALERTS -> StatusJson.alerts(page);
      case LISTENERS ->
          page.last() == null ? StatusJson.noScan() : StatusJson.listeners(page.last());
    };
  }

  @Override
  public Optional<HtmlPage> explanation(int port, boolean owners) {
    Scan.Result last = scan.last();
    if (last == null) {
      return Optional.empty();
    }
    Snapshot seen = last.judged().snapshot();
    Explanation about =
        Explanation.of(
            PortQuery.port(port, EnumSet.allOf(Protocol.class)),
            last.active().policy(),
            owners ? seen : OwnerRedaction.of(seen),
            Catalogue.shipped(),
            ServiceNames.read(ROOT),
            Platform.of(System.getProperty("os.name", "")));
    return Optional.of(
        new HtmlPage(
            utf8(Pages.EXPLANATION.render(about, owners)),
            Pages.EXPLANATION.contentSecurityPolicy()));
  }
}
