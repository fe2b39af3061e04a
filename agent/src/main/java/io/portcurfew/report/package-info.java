/** Reports for auditors: what a policy requires, what was found, what was not seen; pure. */
@NullMarked
package io.portcurfew.report;

import org.jspecify.annotations.NullMarked;
