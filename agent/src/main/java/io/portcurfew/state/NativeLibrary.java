package io.portcurfew.state;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for the native library of sqlite-jdbc: the state folder, which only the agent can
 * write, not a folder that everybody can write.
 */
public final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String UNPACKED = "sqlite-*sqlitejdbc*";

  private NativeLibrary() {}

  /** Makes sqlite-jdbc unpack into this folder, unless the system property is already set. */
  public static void unpackInto(Path folder) {
    if (System.getProperty(FOLDER) == null) {
      System.setProperty(FOLDER, folder.toString());
    }
  }

  /**
   * Removes the loaded library, which the process does not need on disk any more, and libraries
   * that a killed agent left.
   */
  public static void removeFrom(Path folder) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNPACKED)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("cannot remove an unpacked library from {}: {}", folder, e.getMessage());
    }
  }
}
