/** Verifies OpenSSH signatures of files (SSHSIG) with the classes of the JDK alone. */
@NullMarked
package io.portcurfew.bundle.signature;

import org.jspecify.annotations.NullMarked;
