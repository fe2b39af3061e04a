package io.portcurfew.notify.receivers;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** A receiver with correct HTTP; it keeps the requests. */
final class HttpReceiver implements AutoCloseable {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  record Request(String method, String path, Map<String, List<String>> headers, String body) {

    String header(String name) {
      return String.join(", ", headers.getOrDefault(name, List.of()));
    }
  }

  interface Answer {

    /** Adds its headers and gives the status. */
    int to(Headers headers);
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final String scheme;

  HttpReceiver(Answer answer) throws IOException {
    this(HttpServer.create(ANY_PORT, 0), "http", answer);
  }

  private HttpReceiver(HttpServer server, String scheme, Answer answer) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", exchange -> serve(exchange, answer));
    server.start();
  }

  /** A receiver with TLS that answers 200. */
  static HttpReceiver secured(SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create(ANY_PORT, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new HttpReceiver(server, "https", headers -> 200);
  }

  static HttpReceiver answering(int status) throws IOException {
    return new HttpReceiver(headers -> status);
  }

  private void serve(HttpExchange exchange, Answer answer) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            body));
    // With a body: after an answer without one this server resets about one closing connection in
    // a thousand (JDK 17.0.15).
    byte[] ok = "ok".getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(answer.to(exchange.getResponseHeaders()), ok.length);
    exchange.getResponseBody().write(ok);
    exchange.close();
  }

  URI url(String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
