package io.portcurfew.observe;

/** Distinguishes the sockets of UDP clients from those of servers. */
public final class ClientSockets {

  private ClientSockets() {}

  /**
   * Returns true if a listener is the socket of a UDP client, or looks like one: unconnected, on a
   * port that the kernel assigns to clients. A table of the kernel gives no better sign; events do.
   */
  public static boolean isClient(Listener listener, Snapshot snapshot) {
    if (listener.endpoint().protocol() != Protocol.UDP) {
      return false;
    }
    Boolean server = listener.server();
    return server == null ? snapshot.ephemeral().contains(listener.endpoint().port()) : !server;
  }
}
