package io.portcurfew.web;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the JDK's HTTPS server from asking the name service for the name of each client. Its class
 * {@code SSLStreams} does so before every handshake (JDK 17 to 25), so a silent name server would
 * hold up each scrape for longer than Prometheus waits. The name only serves to resume sessions of
 * clients, so the address as a text does as well.
 *
 * <p>This needs two packages of the JDK, which {@code bin/portcurfew} opens for an agent with a web
 * configuration file.
 */
final class ClientNames {

  private final Field channel;
  private final Field holder;
  private final Field hostName;

  private ClientNames(Field channel, Field holder, Field hostName) {
    this.channel = channel;
    this.holder = holder;
    this.hostName = hostName;
  }

  /** The access to the JDK's classes; {@code null} if this Java does not give it. */
  static @Nullable ClientNames open() {
    try {
      Field holder = field(InetAddress.class, "holder");
      return new ClientNames(
          field(Class.forName("sun.net.httpserver.ServerImpl$Exchange"), "chan"),
          holder,
          field(holder.getType(), "hostName"));
    } catch (ReflectiveOperationException | InaccessibleObjectException notOpen) {
      return null;
    }
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** An executor of the server's exchanges that gives each client its address as its name. */
  Executor before(Executor next) {
    return exchange -> {
      nameByAddress(exchange);
      next.execute(exchange);
    };
  }

  private void nameByAddress(Runnable exchange) {
    try {
      SocketChannel client = (SocketChannel) channel.get(exchange);
      if (client.getRemoteAddress() instanceof InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        hostName.set(holder.get(address), address.getHostAddress());
      }
    } catch (IOException clientHasGone) {
      // The server notices that too.
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException("the fields are accessible", impossible);
    }
  }
}
