package io.portcurfew.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A response to a request. */
final class WebResponse {

  private static final Map<String, String> ALWAYS =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer",
          "Vary", "Accept, Accept-Encoding",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY");

  private final int status;
  private final Map<String, String> headers;
  // Not as text: slow readers would keep both in memory.
  private final byte[] body;

  /**
   * @param status as in RFC 9110
   * @param headers in addition to those of every response; includes Content-Type
   * @param body not empty
   */
  WebResponse(int status, Map<String, String> headers, String body) {
    this(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** A response whose body others may share. */
  WebResponse(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static WebResponse text(int status, String line) {
    return text(status, line, Map.of());
  }

  static WebResponse text(int status, String line, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("Content-Type", "text/plain; charset=utf-8");
    return new WebResponse(status, headers, line.strip() + "\n");
  }

  /**
   * Sends the response; HEAD requests get no body.
   *
   * @param configured headers that the admin chose, which replace others
   */
  void send(HttpExchange exchange, Map<String, String> configured) throws IOException {
    Headers out = exchange.getResponseHeaders();
    ALWAYS.forEach(out::set);
    headers.forEach(out::set);
    configured.forEach(out::set);
    byte[] bytes = body;
    if (new AcceptHeader(exchange.getRequestHeaders()).gzip()) {
      bytes = gzip(body);
      out.set("Content-Encoding", "gzip");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      out.set("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    // The server must see a failure here, or it would keep the connection.
    try (OutputStream stream = exchange.getResponseBody()) {
      stream.write(bytes);
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }
}
