package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.KeptFile;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.procnet.FamilyTables;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables in /proc/net of each network namespace, with the counts of its sockets. */
final class FamilyTexts implements AutoCloseable {

  private static final int MOST_ON_HOST_TEXT = 256 * 1024;
  private static final int MOST_TEXT = 64 * 1024;

  private final ProcFs proc;

  /** The tables of the host's own namespace that each look reads. */
  private final Map<String, KeptFile> kept;

  private final LastCounts ofHost = new LastCounts();

  /** Of one after the other: most have no such socket, and so the same text. */
  private final LastCounts ofOthers = new LastCounts();

  FamilyTexts(ProcFs proc) {
    this.proc = proc;
    this.kept =
        Map.of(
            "protocols", proc.keep("proc/net/protocols"),
            "dev", proc.keep("proc/net/dev"));
  }

  /** The counts of the last text, which is the same in nearly every look. */
  private static final class LastCounts {
    private byte[] text = new byte[0];
    private Map<String, Long> counts = Map.of();

    Map<String, Long> of(byte[] latest) throws KernelException {
      if (!Arrays.equals(latest, text) || counts.isEmpty()) {
        counts = FamilyTables.counts(lines(latest));
        text = latest;
      }
      return counts;
    }
  }

  /** Returns the kernel's counts of sockets; {@code null} if they cannot be read. */
  @Nullable Map<String, Long> counts(NetworkNamespace namespace) {
    try {
      byte[] text = text(namespace, "protocols");
      return text == null ? null : (namespace.isHost() ? ofHost : ofOthers).of(text);
    } catch (KernelException notUnderstood) {
      return null;
    }
  }

  /**
   * Returns the lines of a table.
   *
   * @throws KernelException if it cannot be read, or is longer than it is read
   */
  List<String> lines(NetworkNamespace namespace, String table) throws KernelException {
    byte[] text = text(namespace, table);
    if (text == null) {
      throw new KernelException("/proc/net/" + table + " cannot be read");
    }
    return lines(text);
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1).lines().toList();
  }

  /**
   * Returns the text of a table; {@code null} if it cannot be read.
   *
   * @throws KernelException if it is longer than it is read
   */
  byte @Nullable [] text(NetworkNamespace namespace, String table) throws KernelException {
    int most = namespace.isHost() ? MOST_ON_HOST_TEXT : MOST_TEXT;
    byte[] text = namespace.isHost() ? ofHost(table, most) : namespace.table(table, most);
    if (text != null && text.length >= most) {
      throw new KernelException("/proc/net/" + table + " is longer than it is read");
    }
    return text;
  }

  private byte @Nullable [] ofHost(String table, int most) {
    KeptFile open = kept.get(table);
    return open == null ? proc.readWhole("proc/net/" + table, most) : open.read(most);
  }

  @Override
  public void close() {
    kept.values().forEach(KeptFile::close);
  }
}
