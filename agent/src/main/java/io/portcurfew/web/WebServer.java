package io.portcurfew.web;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The agent's web address: {@code /metrics}, {@code /-/healthy}, {@code /-/ready} and a landing
 * page at {@code /}. It is bounded in threads, connections, time and bytes, so that slow or mute
 * clients cost little and keep no scrape out.
 */
public final class WebServer implements AutoCloseable {

  private static final int BACKLOG = 128;

  /** The usual time limit of a scrape: what takes longer is not waited for. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpServer server;
  private final ExchangeWorkers workers;

  private WebServer(HttpServer server, ExchangeWorkers workers) {
    this.server = server;
    this.workers = workers;
  }

  /**
   * Listens and answers from now on.
   *
   * @param listen where; port 0 takes any that is free
   * @throws IOException where the address cannot be taken
   */
  public static WebServer start(InetSocketAddress listen, Pages pages) throws IOException {
    return start(listen, pages, LIMIT);
  }

  static WebServer start(InetSocketAddress listen, Pages pages, Duration limit) throws IOException {
    RequestLimits.set();
    ExchangeWorkers workers = new ExchangeWorkers(limit);
    HttpServer server = HttpServer.create(listen, BACKLOG);
    boolean loopback = server.getAddress().getAddress().isLoopbackAddress();
    server.createContext("/", new RequestHandler(pages, loopback));
    server.setExecutor(workers);
    server.start();
    return new WebServer(server, workers);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** How many requests were given up so far because too many were slower than they. */
  public long requestsGivenUp() {
    return workers.givenUp();
  }

  /** Closes every connection and stops listening, within a second. */
  @Override
  public void close() {
    server.stop(0);
    workers.close();
  }
}
