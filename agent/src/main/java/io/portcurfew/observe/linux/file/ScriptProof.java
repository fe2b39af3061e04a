package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the script of an interpreter, and whether only root and its user can change it. */
public final class ScriptProof {

  private static final String DESCRIPTOR = "/dev/fd/";

  private final ProcFs proc;
  private final HostTree host;

  /** Creates a search among the files of the host with this /proc. */
  public ScriptProof(ProcFs proc) {
    this.proc = proc;
    this.host = new HostTree(proc);
  }

  /** Discards the known mounts of the host, so that they are read again. */
  public void beginReading() {
    host.beginLook();
  }

  /**
   * Returns the script that a process runs.
   *
   * @param executable the path of the program
   * @param commandLine its arguments, each followed by a zero byte
   * @param uid its user; {@code null} if unknown
   * @param inMountsOfHost true if its executable is the file of the host at that path
   * @return {@code null} if it is no interpreter, or its script is not found
   */
  public OwnerDetails.@Nullable Script of(
      ProcessFolder process,
      byte @Nullable [] executable,
      byte @Nullable [] commandLine,
      @Nullable Long uid,
      boolean inMountsOfHost) {
    String argument = Interpreter.script(executable, commandLine);
    String absolute = argument == null ? null : absolute(process, argument);
    if (absolute == null) {
      return null;
    }
    HostTree.Resolved seen = HostTree.of(proc, process.pid()).resolve(absolute);
    FileId file = seen.file().file();
    if (file == null) {
      return null;
    }
    boolean proven = uid != null && inMountsOfHost && isProven(seen.path(), file, uid);
    return new OwnerDetails.Script(
        HostText.of(seen.path().getBytes(StandardCharsets.ISO_8859_1)), proven);
  }

  /** The kernel passes the descriptor of a script that it opened without a path (execveat(2)). */
  private static @Nullable String absolute(ProcessFolder process, String argument) {
    boolean isOpen = argument.matches(DESCRIPTOR + "[0-9]{1,9}");
    byte[] from =
        isOpen
            ? process.link("fd/" + argument.substring(DESCRIPTOR.length()))
            : process.link("cwd");
    if (isOpen) {
      return from == null ? null : text(from);
    }
    if (argument.startsWith("/")) {
      return argument;
    }
    return from == null ? null : text(from) + "/" + argument;
  }

  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** In a folder that is run as a script, other files decide. */
  private boolean isProven(String path, FileId file, long uid) {
    HostTree.Resolved there = host.resolve(path);
    FileId same = there.file().file();
    return same != null
        && same.isSameAs(file)
        && there.path().equals(path)
        && there.isOf(uid)
        && host.names(path).folder().state() != HostFile.State.FOUND;
  }
}
