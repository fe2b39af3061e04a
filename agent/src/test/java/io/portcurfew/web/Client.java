package io.portcurfew.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP by hand, so that a test sees and sends every byte. */
final class Client {

  /** How long a test waits before it says that the server hangs. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final InetSocketAddress server;
  private final @Nullable InetAddress own;

  Client(InetSocketAddress server) {
    this(server, null);
  }

  /** A client with an address of its own. */
  Client(InetSocketAddress server, @Nullable InetAddress own) {
    this.server = server;
    this.own = own;
  }

  /** The answer; {@code status} is 0 where the server closed without one. */
  record Reply(int status, Map<String, String> headers, String latin1) {
    byte[] body() {
      return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.bind(own == null ? null : new InetSocketAddress(own, 0));
    socket.connect(server, PATIENCE_MILLIS);
    return socket;
  }

  /** Connects and sends this and no more. */
  Socket open(String text) throws IOException {
    Socket socket = connect();
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return socket;
  }

  Reply get(String path, String... headers) throws IOException {
    return request("GET", path, headers);
  }

  Reply request(String method, String path, String... headers) throws IOException {
    String host =
        Arrays.stream(headers).anyMatch(h -> h.startsWith("Host:")) ? "" : "Host: [::1]\r\n";
    String more = Arrays.stream(headers).map(h -> h + "\r\n").reduce("", String::concat);
    return send(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n" + host + more + "\r\n");
  }

  Reply send(String text) throws IOException {
    try (Socket socket = open(text)) {
      return read(socket);
    }
  }

  /** Reads the head of one answer and leaves what follows. */
  static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return head + "(closed)";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Reads until the server closes. */
  static Reply read(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketException reset) {
      // The end too: the server closed while we were still sending.
    }
    String text = all.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Reply(0, Map.of(), "");
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    text.substring(0, end)
        .lines()
        .skip(1)
        .forEach(line -> headers.put(line.replaceAll(":.*", ""), line.replaceAll("^[^:]*: ?", "")));
    return new Reply(Integer.parseInt(text.substring(9, 12)), headers, text.substring(end + 4));
  }
}
