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
 * Requests to a running agent to read its files again, and its answers: two files of the state
 * folder, which only its own user and root can write. A command needs no signal, and so cannot
 * signal a wrong process.
 *
 * <p>A request is an empty file, identified by its time and inode. Both sides create their file
 * under another name and rename it, so neither follows a link of the other.
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
   * The agent's answer to a request.
   *
   * @param good true if the new files are active
   * @param lines a text for people: the active files, or every problem
   */
  public record Answer(boolean good, List<String> lines) {
    public Answer {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The requests to an agent; earlier requests are ignored.
   *
   * @param folder the state folder of the agent
   */
  public ReloadRequests(Path folder) {
    this.folder = folder;
    this.done = currentRequest();
  }

  /**
   * Makes a request.
   *
   * @return the identity of the request
   * @throws IOException if this user has no right to do so
   */
  public String ask() throws IOException {
    Path temporary = folder.resolve(ASKED + "." + ProcessHandle.current().pid());
    write(temporary, new byte[0]);
    String request = identity(temporary);
    Files.move(temporary, folder.resolve(ASKED), StandardCopyOption.ATOMIC_MOVE);
    return request;
  }

  /** The latest request, if it was not returned before. */
  public Optional<String> asked() {
    String now = currentRequest();
    if (now == null || now.equals(done)) {
      return Optional.empty();
    }
    done = now;
    return Optional.of(now);
  }

  /**
   * Answers a request.
   *
   * @throws IOException if the folder cannot be written
   */
  public void answer(String request, Answer answer) throws IOException {
    List<String> lines = new ArrayList<>(List.of(request, answer.good() ? GOOD : BAD));
    answer.lines().forEach(line -> lines.add(line.replace('\n', ' ')));
    Path temporary = folder.resolve(ANSWERED + ".new");
    write(temporary, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    Files.move(temporary, folder.resolve(ANSWERED), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The answer to this request; empty if currentRequest is none yet.
   *
   * @throws IOException if it cannot be read
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

  private @Nullable String currentRequest() {
    Path request = folder.resolve(ASKED);
    // Most often there is none, and an exception at each check would cost more than the check.
    if (!request.toFile().exists()) {
      return null;
    }
    try {
      return identity(request);
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
