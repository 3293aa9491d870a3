package io.mailserver.structure;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * What the product is made of, read once for all tests of structure. Classes of others are not looked into (archunit.properties): the rules
 * ask for their names at most, and reading them took most of the time.
 */
final class ProductClasses {
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.mailserver");

    private ProductClasses() {}
}
