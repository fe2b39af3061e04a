/** The policy: ordered rules, their scopes and their terms. */
@NullMarked
package io.portcurfew.policy;

import org.jspecify.annotations.NullMarked;
