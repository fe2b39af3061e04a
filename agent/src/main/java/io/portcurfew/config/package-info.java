/** Both YAML files: a strict reader that tells every problem, and the values that it makes. */
@NullMarked
package io.portcurfew.config;

import org.jspecify.annotations.NullMarked;
