package io.portcurfew.observe.linux.file;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The interpreters whose script is known from their arguments; pure. */
// A set of strings in a constant is never changed.
@SuppressWarnings("ImmutableEnumChecker")
enum Interpreter {
  /** Python, by python(1). */
  PYTHON("python[0-9.]*|pypy[0-9.]*", "cm", Set.of("-W", "-X")),
  /** Perl, by perlrun(1). */
  PERL("perl[0-9.]*", "eE", Set.of("-I")),
  /** Ruby, by ruby(1). */
  RUBY("ruby[0-9.]*", "e", Set.of("-I", "-r", "-C")),
  /** Node.js, by node(1). */
  NODE("node|nodejs", "ep", Set.of("-r", "--require", "--import", "--loader")),
  /** PHP, by php(1). */
  PHP("php[0-9.]*", "rBRES", Set.of("-c", "-d", "-z")),
  /** A shell, by bash(1) and dash(1). */
  SHELL(
      "bash|dash|sh|ksh[0-9]*|zsh[0-9]*",
      "cs",
      Set.of("-o", "+o", "-O", "+O", "--init-file", "--rcfile")),
  /** Java, whose script is the archive after -jar, by java(1). */
  JAVA(
      "java",
      "",
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--add-modules",
          "--add-exports",
          "--add-opens",
          "--add-reads"));

  private final Pattern name;
  private final String inline;
  private final Set<String> withValue;

  /**
   * @param name the name of the program
   * @param inline the letters of options that replace a script by other code
   * @param withValue the options whose value is the next argument
   */
  Interpreter(String name, String inline, Set<String> withValue) {
    this.name = Pattern.compile(".*/(?:" + name + ")");
    this.inline = inline;
    this.withValue = withValue;
  }

  /**
   * Returns the script as the process names it, byte for byte as ISO 8859-1.
   *
   * @param executable the path of the program
   * @param commandLine the arguments, each followed by a zero byte
   * @return {@code null} if the program is no interpreter or its arguments name no script
   */
  static @Nullable String script(byte @Nullable [] executable, byte @Nullable [] commandLine) {
    if (executable == null || commandLine == null) {
      return null;
    }
    String path = text(executable);
    List<String> words = List.of(text(commandLine).split("\0", -1));
    for (Interpreter one : values()) {
      if (one.name.matcher(path).matches()) {
        return one.script(words.subList(1, Math.max(1, words.size() - 1)));
      }
    }
    return null;
  }

  private @Nullable String script(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (this == JAVA && word.equals("-jar")) {
        return i + 1 < words.size() ? words.get(i + 1) : null;
      }
      if (!word.startsWith("-") && !word.startsWith("+")) {
        return this == JAVA || word.isEmpty() ? null : word;
      }
      if (isCode(word)) {
        return null;
      }
      i += withValue.contains(word) ? 1 : 0;
    }
    return null;
  }

  /** Several letters may stand behind one dash. */
  private boolean isCode(String word) {
    boolean letters = word.startsWith("-") && !word.startsWith("--");
    return word.equals("-") || (letters && word.chars().anyMatch(c -> inline.indexOf(c) >= 0));
  }

  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }
}
