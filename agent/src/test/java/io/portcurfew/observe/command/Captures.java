package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads captures and formats their views, one line per listener. */
public final class Captures {

  private Captures() {}

  /** Reads a capture from the folder of its format. */
  static byte[] read(Format format, String name) {
    String path = format.label() + "/" + name;
    try (InputStream in = Captures.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(in, path).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parses text with one character per byte. */
  static View parse(Format format, String text) {
    return format.parse("test", ByteText.raw(text));
  }

  /** Returns lines such as {@code tcp [::]:611 dual by 4711 (name) root/0}. */
  static List<String> listeners(View view) {
    return view.listeners().stream().map(Captures::listener).toList();
  }

  private static String listener(Listener listener) {
    Boolean dual = listener.dualStack();
    String stack = dual == null ? "" : dual ? " dual" : " v6only";
    String owners =
        listener.owners().stream().map(Captures::owner).collect(Collectors.joining(", "));
    return listener.endpoint() + stack + (owners.isEmpty() ? "" : " by " + owners);
  }

  private static String owner(Owner owner) {
    String user = owner.user() == null ? "" : " " + owner.user();
    String uid = owner.uid() == null ? "" : "/" + owner.uid();
    return owner.pid() + (owner.name() == null ? "" : " (" + owner.name() + ")") + user + uid;
  }

  /** Returns lines such as {@code row: why}. */
  static List<String> gaps(View view) {
    return view.gaps().stream().map(Captures::gap).toList();
  }

  private static String gap(Gap gap) {
    return gap.what().label() + ": " + gap.why();
  }
}
