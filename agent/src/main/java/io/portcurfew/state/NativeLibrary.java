package io.portcurfew.state;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where sqlite-jdbc unpacks its native library: into the state folder, which only the agent can
 * write, and not where everybody can.
 */
public final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String UNPACKED = "sqlite-*sqlitejdbc*";

  private NativeLibrary() {}

  /** Unless told otherwise. */
  public static void unpackInto(Path folder) {
    if (System.getProperty(FOLDER) == null) {
      System.setProperty(FOLDER, folder.toString());
    }
  }

  /**
   * Removes it once it is loaded, which takes nothing from the process, and what a killed agent has
   * left there.
   */
  public static void removeFrom(Path folder) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNPACKED)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn(
          "the library that an agent has left in {} cannot be removed: {}", folder, e.toString());
    }
  }
}
