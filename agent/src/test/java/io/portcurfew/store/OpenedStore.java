package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store for each test; after it every delivery is accounted for. */
abstract class OpenedStore {

  @TempDir Path folder;
  StoreFixture saved;

  @BeforeEach
  void open() {
    saved = StoreFixture.in(folder);
  }

  @AfterEach
  void everyDeliveryIsAccountedFor() throws Exception {
    assertThat(saved.store.unbalanced()).isEmpty();
    saved.close();
  }
}
