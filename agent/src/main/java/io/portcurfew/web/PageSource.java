package io.portcurfew.web;

import java.net.InetSocketAddress;
import java.util.Optional;

/** The content of the pages. The web server calls it for each request, from several threads. */
public interface PageSource {

  /**
   * A page of HTML in UTF-8, which readers share, and the Content Security Policy that it needs.
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody changes it.
  record HtmlPage(byte[] text, String contentSecurityPolicy) {}

  /** The documents below {@code /api/v1/}. */
  enum Resource {
    /** The verdict in few words. */
    STATUS,
    /** Every listener with its verdict. */
    LISTENERS,
    /** The alerts. */
    ALERTS
  }

  /**
   * The text of /metrics.
   *
   * @param openMetrics true for OpenMetrics 1.0.0, false for the Prometheus text format 0.0.4
   */
  String metrics(boolean openMetrics);

  /** The answer of /-/healthy and /-/ready. */
  Health health();

  /**
   * True if a client without a password may see the owners of listeners.
   *
   * @param client the client's end of the connection
   * @param server our end of it
   */
  boolean showsOwnersTo(InetSocketAddress client, InetSocketAddress server);

  /**
   * Returns the peer whose answers are counted together: a user of this host, or an address.
   *
   * @param client the client's end of the connection
   * @param server our end of it
   */
  Object peer(InetSocketAddress client, InetSocketAddress server);

  /**
   * The status page.
   *
   * @param owners true if the reader may see the owners of listeners
   */
  HtmlPage page(boolean owners);

  /** The page that explains a port from 1 to 65535; empty before the first scan. */
  Optional<HtmlPage> explanation(int port, boolean owners);

  /** A resource as JSON in UTF-8, which readers share. */
  byte[] json(Resource resource, boolean owners);
}
