package io.portcurfew.observe.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages captured text line by line, as a seed decides. */
final class Mutations {

  /** Text that parsers look for or fail on. */
  private static final List<byte[]> TOKENS =
      List.of(
              "->",
              "(LISTEN)",
              "(LISTEN",
              "users:((",
              "users:((\"",
              "\",pid=1,fd=3),(",
              "\",1,3),(\"",
              "))",
              "\n",
              "\0",
              "\n ",
              "\n \u0001\n",
              "\u0002",
              "\0\n",
              "\r\n",
              " ",
              "\t",
              "%",
              "*",
              "*:*",
              "[",
              "]",
              "[::]:",
              ":",
              "::",
              ".",
              "-",
              "0",
              "611",
              "65535",
              "65536",
              "99999999999999999999",
              "9".repeat(300),
              "IPv4",
              "IPv6",
              "TCP",
              "UDP",
              "tcp",
              "udp",
              "tcp46",
              "tcp LISTEN 0 5 ",
              "LISTEN",
              "UNCONN",
              "TST=",
              "p1",
              "f3",
              "n*:611",
              "\nn*:611",
              "\np1\n",
              "v6only:0",
              "process:pid",
              "\u001b[2J",
              "\u00c3(",
              "\u00ff",
              "x".repeat(5_000),
              "\"".repeat(200),
              "(\"".repeat(200),
              "\\x",
              "^")
          .stream()
          .map(token -> token.getBytes(StandardCharsets.ISO_8859_1))
          .toList();

  private final Random random;
  private final List<byte[]> lines;

  Mutations(long seed, List<byte[]> lines) {
    this.random = new Random(seed);
    this.lines = lines;
  }

  /** Returns a capture with this many damaged lines between intact ones. */
  byte[] next(int damaged) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < damaged; i++) {
      if (random.nextInt(4) == 0) {
        text.writeBytes(any());
      }
      text.writeBytes(damage(any()));
    }
    byte[] whole = text.toByteArray();
    return random.nextInt(8) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length + 1)) : whole;
  }

  private byte[] any() {
    return lines.get(random.nextInt(lines.size()));
  }

  private byte[] damage(byte[] line) {
    byte[] damaged = line;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      damaged = once(damaged);
    }
    return damaged;
  }

  private byte[] once(byte[] line) {
    int at = random.nextInt(line.length + 1);
    int to = at + random.nextInt(line.length - at + 1);
    byte[] head = Arrays.copyOf(line, at);
    byte[] tail = Arrays.copyOfRange(line, at, line.length);
    return switch (random.nextInt(9)) {
      case 0 -> changed(line, at, (byte) (1 << random.nextInt(8)));
      case 1 -> changed(line, at, (byte) (1 + random.nextInt(255)));
      case 2 -> joined(head, new byte[] {(byte) random.nextInt(256)}, tail);
      case 3 -> joined(head, Arrays.copyOfRange(line, to, line.length));
      case 4 -> joined(line, line);
      case 5 -> joined(head, spliced());
      case 6 -> head;
      case 7 -> joined(head, TOKENS.get(random.nextInt(TOKENS.size())), tail);
      default -> joined(head, Arrays.copyOfRange(line, at, to), tail);
    };
  }

  private byte[] spliced() {
    byte[] other = any();
    return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
  }

  private static byte[] changed(byte[] line, int at, byte mask) {
    byte[] changed = line.clone();
    if (at < line.length) {
      changed[at] ^= mask;
    }
    return changed;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** Returns the lines of a capture with their ends. */
  static List<byte[]> lines(byte[] capture) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < capture.length; at++) {
      if (capture[at] == '\n' || at == capture.length - 1) {
        lines.add(Arrays.copyOfRange(capture, start, at + 1));
        start = at + 1;
      }
    }
    return lines;
  }
}
