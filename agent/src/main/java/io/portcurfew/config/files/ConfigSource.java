package io.portcurfew.config.files;

import io.portcurfew.config.files.GuardedFile.Complaint;
import io.portcurfew.config.files.GuardedFile.Content;
import io.portcurfew.config.yaml.Position;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The source of a config file: a file on disk, in a bundle, or a default in the jar. */
public sealed interface ConfigSource {

  /** The file name in problems. */
  String name();

  /** The folder for relative paths; {@code null} for a file in the jar. */
  @Nullable Path folder();

  /**
   * The content; reads at most one byte more than the allowed size.
   *
   * @param trust the owners whose files are read
   */
  Optional<byte[]> read(Problems problems, FileTrust trust);

  /** Another file of the same origin, by its absolute path. */
  ConfigSource at(Path other);

  /** Another file of the same origin, by its path from the folder of this one. */
  ConfigSource beside(Path relative);

  /**
   * The content of any size up to a limit, and one byte more.
   *
   * @throws IOException if the file is missing or not readable
   */
  Content content(int most, FileTrust trust) throws IOException;

  /** A file of the host. */
  record OnDisk(Path file) implements ConfigSource {

    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public @Nullable Path folder() {
      return file.toAbsolutePath().getParent();
    }

    @Override
    public Optional<byte[]> read(Problems problems, FileTrust trust) {
      problems.reads(file);
      try {
        Content content = content(SourceText.MOST, trust);
        for (Complaint why : content.complaints()) {
          problems.add(Position.START, null, why.what(), why.found(), why.expected());
        }
        return content.bytes();
      } catch (IOException e) {
        problems.add(Position.START, null, FileErrorText.ofFile(e), null, null);
        return Optional.empty();
      }
    }

    @Override
    public ConfigSource at(Path other) {
      return new OnDisk(other);
    }

    @Override
    public ConfigSource beside(Path relative) {
      return new OnDisk(file.resolveSibling(relative).normalize());
    }

    @Override
    public Content content(int most, FileTrust trust) throws IOException {
      return GuardedFile.read(file, most, trust);
    }
  }

  /**
   * A file of a verified bundle, in memory.
   *
   * @param bundle the name of the bundle, as shown to people
   * @param files the content of each file by its name in the bundle
   * @param file its name in the bundle
   */
  record Bundled(String bundle, Map<String, byte[]> files, String file) implements ConfigSource {

    /** The folder that the names of a bundle are relative to. */
    private static final Path ROOT = Path.of("/policy-bundle");

    @Override
    public String name() {
      return bundle + "/" + file;
    }

    @Override
    public @Nullable Path folder() {
      return ROOT.resolve(file).getParent();
    }

    @Override
    public Optional<byte[]> read(Problems problems, FileTrust trust) {
      Optional<byte[]> content = Optional.ofNullable(files.get(file));
      if (content.isEmpty()) {
        problems.add(Position.START, null, "the file is not in the bundle", null, null);
      }
      return content;
    }

    @Override
    public ConfigSource at(Path other) {
      return new Bundled(bundle, files, ROOT.relativize(other.normalize()).toString());
    }

    @Override
    public ConfigSource beside(Path relative) {
      return at(ROOT.resolve(file).resolveSibling(relative));
    }

    @Override
    public Content content(int most, FileTrust trust) throws IOException {
      byte[] content = files.get(file);
      if (content == null) {
        throw new NoSuchFileException(file);
      }
      return new Content(Optional.of(content), List.of(), false);
    }
  }

  /** A default in the jar: {@code policy.yaml} or {@code portcurfew.yaml}. */
  record Shipped(String resource) implements ConfigSource {

    @Override
    public String name() {
      return "shipped " + resource;
    }

    @Override
    public @Nullable Path folder() {
      return null;
    }

    @Override
    public Optional<byte[]> read(Problems problems, FileTrust trust) {
      try (InputStream in = ConfigSource.class.getResourceAsStream("shipped/" + resource)) {
        return Optional.of(Objects.requireNonNull(in, resource).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The shipped files name no others. */
    @Override
    public ConfigSource at(Path other) {
      throw new IllegalStateException("a shipped file names " + other);
    }

    @Override
    public ConfigSource beside(Path relative) {
      return at(relative);
    }

    @Override
    public Content content(int most, FileTrust trust) {
      return new Content(read(new Problems(name()), trust), List.of(), false);
    }
  }
}
