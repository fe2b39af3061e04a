package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Captures that are joined, truncated, re-encoded and quoted. Two laws apply: no capture with an
 * unread row is compliant, and no port or pid appears that no row has. A failure message contains
 * the text and its seed.
 */
class CaptureLawTest {

  private static final int TEXTS = 60;
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final Path FORMATS =
      Path.of("src/test/resources/io/portcurfew/observe/command/formats");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ss, 1",
    "ss, 2",
    "lsof, 1",
    "lsof, 2",
    "lsof-fields, 1",
    "netstat-linux, 1",
    "netstat-linux, 2",
    "netstat-macos, 1",
    "netstat-windows, 1",
    "sockstat, 1",
    "sockstat, 2"
  })
  void noRowIsLostOrInvented(String format, long seed) throws IOException {
    Random random = new Random(seed);
    String whole = CaptureSamples.of(format);
    JudgeRun read = JudgeRun.of(folder, format, raw(whole));
    assertThat(read.status()).as(read.gaps().toString()).isZero();
    assertThat(read.listeners()).hasSize(4);
    Set<String> numbers = numbers(read.listeners());
    for (int i = 0; i < TEXTS; i++) {
      byte[] text = damaged(whole, random);
      JudgeRun judged = JudgeRun.of(folder, format, text);
      String shown = format + ", text " + i + ": " + new String(text, StandardCharsets.ISO_8859_1);
      assertThat(judged.status()).as(shown).isIn(0, 3);
      assertThat(numbers).as(shown).containsAll(numbers(judged.listeners()));
      if (judged.status() == 0) {
        assertThat(endpoints(judged)).as(shown).isEqualTo(endpoints(read));
      }
    }
  }

  /** The formats of files, whose rows are objects, elements or columns of their own. */
  @ParameterizedTest
  @CsvSource({
    "get-nettcpconnection, get-nettcpconnection.csv, 1",
    "get-nettcpconnection, get-nettcpconnection.txt, 1",
    "nmap-xml, nmap.xml, 1",
    "osquery, osquery.json, 1",
    "proc-net, proc-net.txt, 1",
    "sockstat, sockstat-libxo.json, 1",
    "sockstat, sockstat-netbsd.txt, 1"
  })
  void noRowOfAFileIsLostOrInvented(String format, String file, long seed) throws IOException {
    Random random = new Random(seed);
    String whole = Files.readString(FORMATS.resolve(file));
    JudgeRun read = JudgeRun.of(folder, format, raw(whole));
    assertThat(read.listeners()).isNotEmpty();
    Set<String> numbers = numbers(read.listeners());
    for (int i = 0; i < TEXTS; i++) {
      byte[] text = damaged(whole, random);
      JudgeRun judged = JudgeRun.of(folder, format, text);
      String shown = file + ", text " + i + ": " + new String(text, StandardCharsets.ISO_8859_1);
      assertThat(judged.status()).as(shown).isIn(0, 2, 3);
      assertThat(numbers).as(shown).containsAll(numbers(judged.listeners()));
      if (judged.status() == 0) {
        assertThat(endpoints(judged)).as(shown).isEqualTo(endpoints(read));
      }
    }
  }

  /** As {@code cut -c} and a narrow terminal do. Of Windows, pids are at the end of their line. */
  @ParameterizedTest
  @ValueSource(strings = {"ss", "lsof", "netstat-linux", "netstat-macos", "sockstat"})
  void linesCutAtOneColumnInventNothing(String format) throws IOException {
    String whole = CaptureSamples.of(format);
    JudgeRun read = JudgeRun.of(folder, format, raw(whole));
    Set<String> numbers = numbers(read.listeners());
    int longest = whole.lines().mapToInt(String::length).max().orElse(0);
    for (int column = 10; column < longest; column += 3) {
      int most = column;
      String text =
          whole
              .lines()
              .map(line -> line.substring(0, Math.min(line.length(), most)) + "\n")
              .collect(Collectors.joining());
      JudgeRun judged = JudgeRun.of(folder, format, raw(text));
      assertThat(numbers).as(text).containsAll(numbers(judged.listeners()));
      if (judged.status() == 0) {
        assertThat(endpoints(judged)).as(text).isEqualTo(endpoints(read));
      }
    }
  }

  private static byte[] damaged(String whole, Random random) {
    List<String> lines = new ArrayList<>(Arrays.asList(whole.split("\n")));
    if (lines.size() == 1) {
      return recoded(whole.substring(0, random.nextInt(whole.length())), random);
    }
    int at = 1 + random.nextInt(lines.size() - 1);
    String ended = "\n";
    switch (random.nextInt(5)) {
      case 0 -> lines.set(at - 1, lines.get(at - 1) + lines.remove(at));
      case 1 ->
          lines.set(at - 1, lines.get(at - 1).stripTrailing() + " " + lines.remove(at).strip());
      case 2 -> ended = cutAfter(lines, random);
      case 3 -> lines.add(at, lines.get(at).strip() + " " + lines.get(at).strip());
      default -> {}
    }
    return recoded(String.join("\n", quoted(lines, random)) + ended, random);
  }

  private static String cutAfter(List<String> lines, Random random) {
    int last = 1 + random.nextInt(lines.size() - 1);
    String line = lines.get(last);
    lines.subList(last, lines.size()).clear();
    int kept = 1 + random.nextInt(Math.max(1, line.length()));
    lines.add(line.substring(0, Math.min(line.length(), kept)));
    return "";
  }

  private static List<String> quoted(List<String> lines, Random random) {
    String mark = List.of("", "", "> ", "    ").get(random.nextInt(4));
    return lines.stream().map(line -> mark + line).toList();
  }

  private static byte[] recoded(String text, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> text.getBytes(StandardCharsets.UTF_16LE);
      case 1 -> marked(text.getBytes(StandardCharsets.UTF_16LE), 0xFF, 0xFE);
      case 2 -> marked(text.getBytes(StandardCharsets.UTF_16BE), 0xFE, 0xFF);
      case 3 -> raw(text.replace("\n", "\r\n"));
      case 4 -> raw(text.replace('\n', '\r'));
      case 5 -> text.replace("  ", " \u00a0").getBytes(StandardCharsets.UTF_8);
      case 6 -> raw(text.replace("611", "\u001b[01;31m\u001b[K611\u001b[m\u001b[K"));
      default -> raw(text);
    };
  }

  private static byte[] marked(byte[] text, int first, int second) {
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(first);
    marked.write(second);
    marked.writeBytes(text);
    return marked.toByteArray();
  }

  private static byte[] raw(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<String> endpoints(JudgeRun judged) {
    return judged.listeners().stream().map(one -> one.substring(0, one.indexOf(" ["))).toList();
  }

  /** Returns all ports and pids. */
  private static Set<String> numbers(List<String> listeners) {
    Set<String> numbers = new HashSet<>();
    for (String listener : listeners) {
      String behindAddress = listener.substring(listener.indexOf(' ', 4));
      NUMBER.matcher(behindAddress).results().forEach(found -> numbers.add(found.group()));
    }
    return numbers;
  }
}
