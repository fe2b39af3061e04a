package io.portcurfew.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import org.junit.jupiter.api.Test;

class KernelTermTest {

  private static final Owner VXLAN = Owner.ofKernel("vxlan");

  @Test
  void theModuleIsAccepted() {
    assertThat(OwnerTerm.ofKernel("vxlan").accepts(VXLAN)).isEqualTo(Trilean.YES);
    assertThat(OwnerTerm.ofKernel("geneve").accepts(VXLAN)).isEqualTo(Trilean.NO);
  }

  @Test
  void theKernelIsNoProcess() {
    assertThat(new OwnerTerm("/usr/sbin/sshd", null).accepts(VXLAN)).isEqualTo(Trilean.NO);
    assertThat(new OwnerTerm(null, "root").accepts(VXLAN)).isEqualTo(Trilean.NO);
  }

  @Test
  void noProcessIsTheKernelWhateverItsName() {
    Owner named = new Owner(7, HostText.of("vxlan"), HostText.of("vxlan"), null, 0L);
    assertThat(OwnerTerm.ofKernel("vxlan").accepts(named)).isEqualTo(Trilean.NO);
    assertThat(OwnerTerm.ofKernel("vxlan").accepts(Owner.of(0))).isEqualTo(Trilean.NO);
  }
}
