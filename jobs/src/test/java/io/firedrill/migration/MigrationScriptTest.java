package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationScriptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // CommonJS.
                "module.exports = { async up(db) { a(); }, async down(db, client) { await db.dropCollection('a'); } };|PRESENT",
                "module.exports = { async up(db) { a(); }, async down(db, client) {} };|EMPTY",
                "module.exports = { up: async (db) => { a(); }, down: async (db) => { /* nothing */ } };|EMPTY",
                "module.exports = { up: function (db) { a(); }, down: async function undo (db) { return; } };|EMPTY",
                "exports.up = db => a(db); exports.down = db => b(db);|PRESENT",
                "exports.up = db => a(db); exports.down = async () => {};|EMPTY",
                "exports.up = db => a(db); exports.down = () => Promise.resolve();|EMPTY",
                "exports.up = db => a(db); exports.down = () => undefined;|EMPTY",
                "exports.up = db => a(db); exports.down = db => ({});|EMPTY",
                "module.exports.down = async function (db = { a: [1] }) { 'use strict'; return Promise.resolve(); }|EMPTY",
                "module.exports = { async up(db) { a(); } };|NONE",
                // ES modules.
                "export const up = async (db) => { a(); }; export const down = async (db, client) => { b(); };|PRESENT",
                "export async function up(db) { a(); } export async function down(db) { }|EMPTY",
                "export async function up(db) { a(); }|NONE",
                // A word of it is not it.
                "// down is not needed; export const up = async (db) => { a(); };|NONE",
                "export const up = async (db) => { log('down'); };|NONE",
                "export const up = async (db) => { log(`down(){}`, /down\\/(){/); };|NONE",
                "export const up = async (db) => { a = b / c / 2; }; export const down = async () => { /* x */ };|EMPTY",
                "export const up = async (db) => { a(/[/\"]/); }; export const down = async () => { b(); };|PRESENT",
                "export const up = async (db) => { down(db); }; export const down = async () => { b(); };|PRESENT",
                // What only running it would tell.
                "const { up, down } = require('./pair'); module.exports = { up, down };|UNKNOWN",
                "module.exports = require('./pair');|UNKNOWN",
                "module.exports = { ...require('./pair') };|UNKNOWN",
                "export * from './pair.js';|UNKNOWN",
                "export const down = async (db) => { broken(|UNKNOWN",
                "export const down = wrap(async (db) => { b(); });|UNKNOWN"
            })
    void whatAFileExportsIsToldFromItsTextOrSaidToBeUnknown(String text, Rollback down) {
        assertThat(new MigrationScript(text.replace("needed; ", "needed;\n")).function("down"))
                .isEqualTo(down);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a(\"x\\\"y{\") // z|a(\"\") ",
                "a /* b { */ c|a   c",
                "'unended|''",
                "/* unended| ",
                "return /x{/.test(y)|return //.test(y)"
            })
    void codeIsWhatIsLeftWithoutCommentsAndTexts(String text, String code) {
        assertThat(JavaScriptText.codeOf(text).strip()).isEqualTo(code == null ? "" : code.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "const { exec } = require('child_process');|true",
                "const cp = require( \"node:child_process\" );|true",
                "import { spawn } from 'node:child_process';|true",
                "import 'child_process';|true",
                "const cp = await import(`child_process`);|true",
                "const cp = require('./child_process');|false",
                "const child_process = 1; log('child_process');|false"
            })
    void whetherItGetsTheMeansToStartProgramsIsTold(String text, boolean starts) {
        assertThat(new MigrationScript(text).startsProcesses()).isEqualTo(starts);
    }
}
