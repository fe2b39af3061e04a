package io.portcurfew.system;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Clients that send half a request and wait. */
final class HalfHeaders implements AutoCloseable {

  private final List<Socket> sockets = new ArrayList<>();

  private HalfHeaders() {}

  static HalfHeaders open(int count, String web) throws IOException {
    HalfHeaders clients = new HalfHeaders();
    int colon = web.lastIndexOf(':');
    for (int i = 0; i < count; i++) {
      Socket socket =
          new Socket(web.substring(0, colon), Integer.parseInt(web.substring(colon + 1)));
      clients.sockets.add(socket);
      socket.getOutputStream().write(Program.utf8("GET /metrics HTTP/1.1\r\nHost: x\r\nX-a: "));
      socket.getOutputStream().flush();
    }
    return clients;
  }

  int count() {
    return sockets.size();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
