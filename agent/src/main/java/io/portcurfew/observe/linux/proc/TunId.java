package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The number under which the owner of a TUN or TAP device is searched for. Its descriptors have no
 * number of a socket, so a negative one is derived from the network namespace and the name.
 */
public final class TunId {

  /** The link of a descriptor of the driver (drivers/net/tun.c). */
  static final String LINK = "/dev/net/tun";

  /** The line of /proc/PID/fdinfo with the device (tun_chr_show_fdinfo). */
  private static final String DEVICE = "iff:";

  private TunId() {}

  /** Returns the negative number of a device; names in other namespaces cannot imitate it. */
  public static long of(long namespace, String name) {
    byte[] text = (namespace + " " + name).getBytes(StandardCharsets.ISO_8859_1);
    // A digest, because a user can choose the name of a device in a namespace of his own.
    return UUID.nameUUIDFromBytes(text).getMostSignificantBits() | Long.MIN_VALUE;
  }

  /** Returns the name of the device in the text of fdinfo; {@code null} if it has none yet. */
  static @Nullable String device(byte[] fdinfo) {
    return new String(fdinfo, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith(DEVICE))
        .map(line -> line.substring(DEVICE.length()).strip())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse(null);
  }
}
