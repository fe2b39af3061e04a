package io.portcurfew.notify;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver that speaks HTTP as it should; keeps what it was sent. */
final class HttpReceiver implements AutoCloseable {

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

  HttpReceiver(Answer answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> serve(exchange, answer));
    server.start();
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
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
