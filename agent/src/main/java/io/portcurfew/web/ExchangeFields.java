package io.portcurfew.web;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the client of an exchange before the JDK's server does anything for it (JDK 17 to 25).
 *
 * <p>This needs two packages of the JDK, which {@code bin/portcurfew} opens for an agent with a web
 * configuration file.
 */
final class ExchangeFields {

  private final Field channel;
  private final Field connection;
  private final Field context;
  private final Field holder;
  private final Field hostName;

  private ExchangeFields() throws ReflectiveOperationException {
    Class<?> exchange = Class.forName("sun.net.httpserver.ServerImpl$Exchange");
    channel = field(exchange, "chan");
    connection = field(exchange, "connection");
    context = field(connection.getType(), "context");
    holder = field(InetAddress.class, "holder");
    hostName = field(holder.getType(), "hostName");
  }

  /** The access to the JDK's classes; {@code null} if this Java does not give it. */
  static @Nullable ExchangeFields open() {
    try {
      return new ExchangeFields();
    } catch (ReflectiveOperationException | InaccessibleObjectException notOpen) {
      return null;
    }
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /**
   * The client of a new connection; {@code null} if it has gone, or if this connection had an
   * exchange before.
   */
  @Nullable InetAddress newClient(Runnable exchange) {
    try {
      // Set once the server has read the first request.
      boolean isNew = context.get(connection.get(exchange)) == null;
      return isNew ? client(exchange) : null;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException("the fields are accessible", impossible);
    }
  }

  /**
   * Keeps the server from asking the name service for the name of the client. Its class {@code
   * SSLStreams} does so before every handshake, so a silent name server would hold up each scrape
   * for longer than Prometheus waits. The name only serves to resume sessions of clients, so the
   * address as a text does as well.
   */
  void nameByAddress(InetAddress client) {
    try {
      hostName.set(holder.get(client), client.getHostAddress());
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException("the fields are accessible", impossible);
    }
  }

  private @Nullable InetAddress client(Runnable exchange) throws IllegalAccessException {
    try {
      SocketChannel client = (SocketChannel) channel.get(exchange);
      return client.getRemoteAddress() instanceof InetSocketAddress remote
          ? remote.getAddress()
          : null;
    } catch (IOException clientHasGone) {
      // The server notices that too.
      return null;
    }
  }
}
