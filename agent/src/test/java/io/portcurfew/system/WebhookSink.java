package io.portcurfew.system;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A webhook receiver that takes everything and keeps it. */
public final class WebhookSink implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<Message> messages = new CopyOnWriteArrayList<>();

  /** One message as it came. */
  public record Message(String body, String signature, String key) {
    public JsonNode json() {
      return JSON.readTree(body);
    }

    /** Its alert and how that stands, as in {@code PortcurfewOpen firing}. */
    String what() {
      JsonNode json = json();
      return json.at("/commonLabels/alertname").asString() + " " + json.get("status").asString();
    }

    String annotation(String name) {
      return json().at("/alerts/0/annotations/" + name).asString();
    }
  }

  private WebhookSink(HttpServer server) {
    this.server = server;
  }

  public static WebhookSink start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    WebhookSink hook = new WebhookSink(HttpServer.create(any, 0));
    hook.server.createContext(
        "/hook",
        exchange -> {
          hook.messages.add(
              new Message(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                  exchange.getRequestHeaders().getFirst("X-Portcurfew-Signature"),
                  exchange.getRequestHeaders().getFirst("Idempotency-Key")));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    hook.server.start();
    return hook;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** The messages that it got so far, in order. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
