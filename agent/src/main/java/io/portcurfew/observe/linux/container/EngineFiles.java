package io.portcurfew.observe.linux.container;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.file.HostFile;
import io.portcurfew.observe.linux.file.HostTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of container engines. Their content is hostile: whoever may create a container
 * chooses its names and labels. A file that cannot be read, is too large, or is not what it should
 * be gives no fact.
 */
final class EngineFiles {

  /** A config.v2.json has 4 to 40 KiB; one line of a containers.json about 1 KiB. */
  private static final int MOST_BYTES = 4 << 20;

  private static final int MOST_OF_NAME = 256;

  private final HostTree tree;

  EngineFiles(HostTree tree) {
    this.tree = tree;
  }

  /** Reads a JSON object. */
  @Nullable JsonTree object(String path) {
    String text = text(path);
    try {
      return text == null ? null : JsonTree.of(text);
    } catch (IllegalArgumentException damaged) {
      return null;
    }
  }

  /** Reads a list of JSON objects. */
  List<JsonTree> objects(String path) {
    String text = text(path);
    try {
      return text == null ? List.of() : JsonTree.listOf(text);
    } catch (IllegalArgumentException damaged) {
      return List.of();
    }
  }

  /** The file at a path. */
  HostFile find(String path) {
    return tree.find(path);
  }

  /** The names in a folder. */
  HostTree.Names names(String folder) {
    return tree.names(folder);
  }

  private @Nullable String text(String path) {
    byte[] raw = tree.readOfRoot(path, MOST_BYTES);
    return raw == null ? null : new String(raw, StandardCharsets.UTF_8);
  }

  /** The first group of the first line that matches, as in {@code graphroot = "/data"}. */
  @Nullable String setting(String path, Pattern line) {
    String text = text(path);
    Matcher found = line.matcher(text == null ? "" : text);
    return found.find() ? found.group(1) : null;
  }

  /** A name in an object; {@code null} if it is missing, empty or no text. */
  static @Nullable HostText name(@Nullable JsonTree tree, String key) {
    String text = text(tree, key);
    return text == null || text.isEmpty() ? null : HostText.of(text, MOST_OF_NAME);
  }

  /** A text in an object; {@code null} if it is missing or no text. */
  static @Nullable String text(@Nullable JsonTree tree, String key) {
    try {
      return tree == null ? null : tree.textOr(key);
    } catch (IllegalArgumentException other) {
      return null;
    }
  }

  /** An object in an object; {@code null} if it is missing or no object. */
  static @Nullable JsonTree object(@Nullable JsonTree tree, String key) {
    try {
      return tree == null ? null : tree.treeOr(key);
    } catch (IllegalArgumentException other) {
      return null;
    }
  }

  /** A number in an object; {@code null} if it is missing or no number. */
  static @Nullable Long number(@Nullable JsonTree tree, String key) {
    try {
      return tree == null ? null : tree.numberOr(key);
    } catch (IllegalArgumentException other) {
      return null;
    }
  }

  /** A flag in an object; {@code null} if it is missing or no flag. */
  static @Nullable Boolean flag(@Nullable JsonTree tree, String key) {
    try {
      return tree == null ? null : tree.flagOr(key);
    } catch (IllegalArgumentException other) {
      return null;
    }
  }

  /** The objects of a list in an object; empty if it is missing or holds anything else. */
  static List<JsonTree> objects(@Nullable JsonTree tree, String key) {
    try {
      return tree == null ? List.of() : tree.trees(key);
    } catch (IllegalArgumentException other) {
      return List.of();
    }
  }
}
