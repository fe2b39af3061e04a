package io.portcurfew.host;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The libraries that were forced into this process: by /etc/ld.so.preload, by LD_PRELOAD or
 * LD_AUDIT (ld.so(8)), or as a mapping of another place than those of the runtime and of the
 * system. Such a library answers in place of the kernel, so nothing that the agent sees can be
 * trusted.
 */
public final class ForcedLibraries {

  private static final int MOST_TEXT = 1 << 20;
  private static final int MOST_NAMED = 8;

  /** The path in an executable mapping of /proc/PID/maps (proc_pid_maps(5)). */
  private static final Pattern MAPPING =
      Pattern.compile("[0-9a-f]+-[0-9a-f]+ r-x[ps] \\S+ \\S+ \\d+ +(/.*)");

  private static final List<String> SYSTEM = List.of("/usr/lib", "/lib", "/usr/libexec");

  /** Libraries that JNA and the driver of SQLite unpack from their jars. */
  private static final Pattern UNPACKED =
      Pattern.compile("jna-?[0-9]+\\.tmp|sqlite-[0-9A-Za-z.-]+-libsqlitejdbc\\.so");

  /** Code that libffi writes for callbacks of JNA: a file that it removes at once, or a memfd. */
  private static final Pattern CALLBACKS =
      Pattern.compile("/(?:.*/ffi[0-9A-Za-z]{6}|memfd:libffi) \\(deleted\\)");

  private ForcedLibraries() {}

  /**
   * Returns the libraries that were forced into this process, in words; empty if there are none, or
   * if this platform does not show them.
   */
  public static List<String> ofThisProcess() {
    try {
      return HostFactory.isLinux() ? find() : List.of();
    } catch (LinkageError noNativeLibrary) {
      // The source of the kernel reports it, and sees nothing without it.
      return List.of();
    }
  }

  private static List<String> find() {
    ProcFs proc = new ProcFs(Path.of("/"));
    List<String> found = new ArrayList<>();
    byte[] preload = proc.readWhole("etc/ld.so.preload", MOST_TEXT);
    if (preload != null) {
      preloaded(text(preload)).forEach(name -> found.add(name + " by /etc/ld.so.preload"));
    }
    for (String variable : List.of("LD_PRELOAD", "LD_AUDIT")) {
      String value = System.getenv(variable);
      if (value != null && !value.isBlank()) {
        found.add(HostText.of(value, 200) + " by " + variable);
      }
    }
    byte[] maps = proc.readWhole("proc/self/maps", MOST_TEXT);
    if (maps != null) {
      foreign(text(maps), ownFolders()).forEach(name -> found.add(name + " as a mapping"));
    }
    return found;
  }

  /** The folders of the runtime and of the libraries that the start script names. */
  private static List<String> ownFolders() {
    return Stream.of("java.home", "jna.boot.library.path", "org.sqlite.lib.path")
        .map(System::getProperty)
        .filter(folder -> folder != null && !folder.isEmpty())
        .toList();
  }

  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** Returns the libraries of /etc/ld.so.preload: names between blanks or colons. */
  static List<String> preloaded(String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.replaceAll("#[^\\n]*", " ").split("[\\s:]+", -1)) {
      if (!name.isEmpty() && names.size() < MOST_NAMED) {
        names.add(shown(name));
      }
    }
    return names;
  }

  /**
   * Returns the executable mappings that belong neither to the runtime nor to the system.
   *
   * @param own the folders of the agent's own libraries
   */
  static Collection<String> foreign(String maps, List<String> own) {
    TreeSet<String> found = new TreeSet<>();
    maps.lines()
        .map(ForcedLibraries::path)
        .filter(path -> path != null && !isOwn(path, own))
        .limit(MOST_NAMED)
        .forEach(path -> found.add(shown(path)));
    return found;
  }

  private static @Nullable String path(String line) {
    Matcher mapping = MAPPING.matcher(line);
    return mapping.matches() ? mapping.group(1) : null;
  }

  private static boolean isOwn(String path, List<String> own) {
    String file = path.replace(" (deleted)", "");
    String name = file.substring(file.lastIndexOf('/') + 1);
    return CALLBACKS.matcher(path).matches()
        || own.stream().anyMatch(folder -> isBelow(file, folder))
        || SYSTEM.stream().anyMatch(folder -> file.startsWith(folder))
        || UNPACKED.matcher(name).matches();
  }

  private static boolean isBelow(String file, String folder) {
    return file.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }

  private static String shown(String name) {
    return HostText.of(name.getBytes(StandardCharsets.ISO_8859_1), 200).toString();
  }
}
