package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreFileTest extends OpenedStore {

  @Test
  void filesAreReadableByTheirOwnerOnly() throws Exception {
    saved.scan(611);
    for (String name : List.of("portcurfew.db", "portcurfew.db-wal", "portcurfew.db-shm", "key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void rowWithWrongSeal_isFoundAtTheStart() throws Exception {
    saved.scan(611);
    saved.store.close();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + saved.file());
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE alert SET state = 'RESOLVED', ends = 1");
    }
    saved.open();

    assertThat(saved.store.alerts().all()).isEmpty();
    assertThat(saved.store.state().damaged()).hasSize(1);
  }

  @Test
  void withoutTheKey_nothingIsTrusted() throws Exception {
    saved.scan(611);
    saved.store.close();
    Files.delete(folder.resolve("key"));
    saved.open();

    assertThat(saved.store.alerts().all()).isEmpty();
    assertThat(saved.store.state().damaged()).hasSize(1);
    saved.scan(611);
    saved.restart();
    assertThat(saved.store.state().damaged()).hasSize(1);
    assertThat(saved.store.alerts().all()).hasSize(1);
  }

  @Test
  void missingDatabase_isReported() throws Exception {
    saved.scan(611);
    saved.store.close();
    Files.delete(saved.file());
    saved.open();

    assertThat(saved.store.state().damaged()).hasSize(1);
  }

  @Test
  void interruptedFirstStart_isNoDamage() throws Exception {
    saved.store.close();
    Files.delete(saved.file());
    Files.move(folder.resolve("key"), folder.resolve("key.new"));
    Files.createFile(folder.resolve("portcurfew.db.new"));
    saved.open();

    assertThat(saved.store.state().damaged()).isEmpty();
    assertThat(saved.store.state().writable()).isTrue();
  }
}
