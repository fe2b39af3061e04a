package io.portcurfew.web;

import io.portcurfew.observe.HostText;
import io.portcurfew.process.Ticker;
import io.portcurfew.web.access.AccessControl;
import io.portcurfew.web.access.WebAccess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Pages of an agent that has looked once. */
final class TestPages {

  static final Instant NOW = Instant.parse("2026-11-23T01:02:03.456Z");
  static final HostText HOST = HostText.of("web-1");
  static final Health WELL = new Health(true, true, "the last scan ended 3 s ago");
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private TestPages() {}

  /** Plain HTTP for everybody. */
  static AccessControl open() {
    return new AccessControl(WebAccess.OPEN, Ticker.SYSTEM);
  }

  private static PageSource.HtmlPage html(String text) {
    byte[] page = ("<!DOCTYPE html>\n<p>" + text).getBytes(StandardCharsets.UTF_8);
    return new PageSource.HtmlPage(page, "default-src 'none'");
  }

  static PageSource pages() {
    return pages("portcurfew_x 1\n".repeat(400));
  }

  static PageSource pages(String metrics) {
    return pages(metrics, () -> WELL);
  }

  static PageSource pages(String metrics, Supplier<Health> health) {
    return new PageSource() {
      @Override
      public String metrics(boolean openMetrics) {
        return openMetrics ? metrics + "# EOF\n" : metrics;
      }

      @Override
      public Health health() {
        return health.get();
      }

      @Override
      public boolean showsOwnersTo(InetSocketAddress client, InetSocketAddress server) {
        return client.getAddress().isLoopbackAddress();
      }

      @Override
      public Object peer(InetSocketAddress client, InetSocketAddress server) {
        return client.getAddress();
      }

      @Override
      public HtmlPage page(boolean owners) {
        return html("owners: " + owners);
      }

      @Override
      public Optional<HtmlPage> explanation(int port, boolean owners) {
        return Optional.of(html("port " + port));
      }

      @Override
      public byte[] json(Resource resource, boolean owners) {
        return ("{\n\"" + resource + "\": " + owners + "}").getBytes(StandardCharsets.UTF_8);
      }
    };
  }
}
