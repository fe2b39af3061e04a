package io.portcurfew.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a running agent is asked to read its files again, and answers: two files of its state
 * folder, into which only its own user and root can write. Whoever asks needs to signal no process,
 * and so cannot signal a wrong one.
 *
 * <p>A request is an empty file, known by its time and inode. Both sides make their file beside its
 * place and move it there, so neither follows a link that the other has put there.
 */
public final class ReloadRequests {

  private static final String ASKED = "reload.asked";
  private static final String ANSWERED = "reload.answered";
  private static final String GOOD = "good";
  private static final String BAD = "bad";
  private static final int MOST_BYTES = 1 << 20;

  private final Path folder;
  private @Nullable String done;

  /**
   * What the agent says to one request.
   *
   * @param good whether the files are in force
   * @param lines for people: what is in force, or every problem
   */
  public record Answer(boolean good, List<String> lines) {
    public Answer {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The box of an agent; what was asked before is not answered.
   *
   * @param folder its state folder
   */
  public ReloadRequests(Path folder) {
    this.folder = folder;
    this.done = there();
  }

  /**
   * Asks.
   *
   * @return what the request is known by
   * @throws IOException where this user may not
   */
  public String ask() throws IOException {
    Path made = folder.resolve(ASKED + "." + ProcessHandle.current().pid());
    write(made, new byte[0]);
    String request = identity(made);
    Files.move(made, folder.resolve(ASKED), StandardCopyOption.ATOMIC_MOVE);
    return request;
  }

  /** A request that was not returned before. */
  public Optional<String> asked() {
    String now = there();
    if (now == null || now.equals(done)) {
      return Optional.empty();
    }
    done = now;
    return Optional.of(now);
  }

  /**
   * Answers a request.
   *
   * @throws IOException where the folder cannot be written
   */
  public void answer(String request, Answer answer) throws IOException {
    List<String> lines = new ArrayList<>(List.of(request, answer.good() ? GOOD : BAD));
    answer.lines().forEach(line -> lines.add(line.replace('\n', ' ')));
    Path made = folder.resolve(ANSWERED + ".new");
    write(made, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    Files.move(made, folder.resolve(ANSWERED), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The answer to this request; nothing yet where there is none.
   *
   * @throws IOException where it may not be read
   */
  public Optional<Answer> answered(String request) throws IOException {
    Path file = folder.resolve(ANSWERED);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    byte[] bytes;
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(MOST_BYTES);
    } catch (NoSuchFileException replaced) {
      return Optional.empty();
    }
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    return lines.size() > 1 && lines.get(0).equals(request)
        ? Optional.of(new Answer(lines.get(1).equals(GOOD), lines.subList(2, lines.size())))
        : Optional.empty();
  }

  private @Nullable String there() {
    try {
      return identity(folder.resolve(ASKED));
    } catch (IOException noRequest) {
      return null;
    }
  }

  private static String identity(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.lastModifiedTime() + " " + attributes.fileKey();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
