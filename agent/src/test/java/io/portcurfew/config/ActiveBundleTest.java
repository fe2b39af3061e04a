package io.portcurfew.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.bundle.signature.AllowedSigners.Signer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bundle that stays active while the configured one has a problem. */
class ActiveBundleTest {

  private static final ActiveBundle REFUSED = ActiveBundle.none("the signature is wrong");
  private static final BundleManifest MANIFEST =
      new BundleManifest(7, null, null, List.of(), "policy.yaml", List.of(), Map.of());

  private static final ActiveBundle ACCEPTED =
      new ActiveBundle(MANIFEST, new Signer("ops", "SHA256:x"), "d1", null, false);

  @Test
  void refusedBundle_leavesTheAcceptedOneActive() {
    assertThat(ACCEPTED.insteadOf(REFUSED))
        .isEqualTo(
            new ActiveBundle(MANIFEST, ACCEPTED.signer(), "d1", "the signature is wrong", false));
  }

  @Test
  void missingCopy_leavesTheAcceptedOneActiveAndAwaitsNone() {
    ActiveBundle kept = ACCEPTED.insteadOf(ActiveBundle.awaited());
    assertThat(kept.manifest()).isEqualTo(MANIFEST);
    assertThat(kept.problem()).isEqualTo(ActiveBundle.AWAITED);
    assertThat(kept.isAwaited()).isFalse();
  }

  @Test
  void hostWithoutABundle_awaitsTheFirstUntilOneIsRefused() {
    ActiveBundle awaiting = ActiveBundle.awaited();
    assertThat(awaiting.insteadOf(ActiveBundle.awaited())).isEqualTo(awaiting);
    assertThat(awaiting.insteadOf(REFUSED)).isEqualTo(REFUSED);
    assertThat(REFUSED.insteadOf(ActiveBundle.awaited())).isEqualTo(awaiting);
  }
}
