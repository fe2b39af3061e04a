package io.portcurfew.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import io.portcurfew.web.access.AccessControl;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web server of the agent: {@code /metrics}, {@code /-/healthy}, {@code /-/ready} and the
 * status page at {@code /}. Its threads, connections, time and bytes are bounded, so slow or silent
 * clients cost little and block no scrape.
 */
public final class WebServer implements AutoCloseable {

  /** The time for which the kernel holds back a connection without a first request. */
  public static final Duration SILENCE = Duration.ofSeconds(6);

  /** With a deferred accept, silent connections wait here; the kernel bounds it by somaxconn. */
  private static final int BACKLOG = 4_096;

  /** The usual time limit of a scrape: no client waits longer. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

  private final HttpServer server;
  private final ExchangeWorkers workers;

  private WebServer(HttpServer server, ExchangeWorkers workers) {
    this.server = server;
    this.workers = workers;
  }

  /**
   * Starts to listen and answer.
   *
   * @param listen the address; port 0 is any free port
   * @param access decides between HTTP and HTTPS at the start, and about each request
   * @param givenUp runs each time a request is cut off because too many clients are slow; it must
   *     not wait
   * @throws IOException if the address is not available
   */
  public static WebServer start(
      InetSocketAddress listen, AccessControl access, PageSource pages, Runnable givenUp)
      throws IOException {
    return start(listen, access, pages, givenUp, LIMIT);
  }

  static WebServer start(
      InetSocketAddress listen,
      AccessControl access,
      PageSource pages,
      Runnable givenUp,
      Duration limit)
      throws IOException {
    JdkServerLimits.set();
    ExchangeWorkers workers = new ExchangeWorkers(limit, givenUp);
    ConnectionGate gate = new ConnectionGate(fields(access), access, workers);
    HttpServer server = create(listen, access);
    boolean loopback = server.getAddress().getAddress().isLoopbackAddress();
    HttpHandler handler = new RequestHandler(pages, loopback, access, workers, gate);
    // Java binds 0.0.0.0 as the IPv6 wildcard of both families (sun.nio.ch.Net).
    boolean ipv4Alone = listen.getAddress() instanceof Inet4Address any && any.isAnyLocalAddress();
    server.createContext("/", ipv4Alone ? exchange -> onIpv4(handler, exchange) : handler);
    server.setExecutor(gate);
    server.start();
    return new WebServer(server, workers);
  }

  private static HttpServer create(InetSocketAddress listen, AccessControl access)
      throws IOException {
    if (!access.isEncrypted()) {
      return HttpServer.create(listen, BACKLOG);
    }
    HttpsServer server = HttpsServer.create(listen, BACKLOG);
    server.setHttpsConfigurator(new TlsConfigurator(access));
    return server;
  }

  private static @Nullable ExchangeFields fields(AccessControl access) {
    ExchangeFields fields = ExchangeFields.open();
    if (fields == null && access.isEncrypted()) {
      LOG.warn(
          "this Java asks the name service for the name of each client before TLS begins, and new"
              + " connections are not bounded; start the agent with bin/portcurfew, which prevents"
              + " both");
    }
    return fields;
  }

  /** A peer over IPv6 gets no answer. */
  private static void onIpv4(HttpHandler handler, HttpExchange exchange) throws IOException {
    if (exchange.getRemoteAddress().getAddress() instanceof Inet4Address) {
      handler.handle(exchange);
    } else {
      exchange.close();
    }
  }

  /** The address on which it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Closes every connection and stops listening, within a second. */
  @Override
  public void close() {
    server.stop(0);
    workers.close();
  }
}
