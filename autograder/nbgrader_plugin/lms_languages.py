"""The words by which Moodle knows the columns of a grading worksheet, in the languages in which it is much used.

Moodle compares the heading of each column with its own, in the language of whoever uploads the worksheet, and refuses
the file when one of three is missing: ``recordid`` and ``lastmodifiedgrade`` of its component ``assign``, and
``gradenoun``. Of an identifier it cuts as many bytes as ``hiddenuser`` has, and takes the rest for the participant's
number: see ``importgradeslib.php`` of its plugin ``assignfeedback_offline``. The words here are those of the language
packs of Moodle 4. In English ``hiddenuser`` ends with a space, in the translations it does not.

Where one of these languages is spoken, a spreadsheet writes decimals as Moodle's ``decsep`` says.
"""

from dataclasses import dataclass

from autograder.report.spreadsheet import Dialect


@dataclass(frozen=True)
class Language:
    """The words of a language that are in Moodle's worksheet, and its decimal sign.

    Attributes:
        identifier: the heading above the participants.
        participant: what stands before a participant's number.
        grade: the heading above the grades.
        changed: the heading above the times of the last change of each grade.
    """

    identifier: str
    participant: str
    grade: str
    changed: str
    decimal: str = ","

    @property
    def dialect(self) -> Dialect:
        """Return how spreadsheets in this language write a list."""
        return Dialect(self.decimal)


DEFAULT = "en"
LANGUAGES = {
    "ca": Language("Identificador", "Participant", "Qualificació", "Darrera modificació (qualificació)"),
    "de": Language("ID", "Teilnehmer/in", "Bewertung", "Zuletzt geändert (Bewertung)"),
    "el": Language("Αναγνωριστικό", "Συμμετέχων", "Βαθμός", "Τελευταία τροποποίηση (βαθμολόγηση)"),
    "en": Language("Identifier", "Participant ", "Grade", "Last modified (grade)", decimal="."),
    "es": Language("Identificador", "Participante", "Calificación", "Última modificación (calificación)"),
    "fr": Language("Identifiant", "Participant", "Note", "Dernière modification (note)"),
    "it": Language("Identificativo", "Partecipante", "Valutazione", "Ultima modifica (valutazione)"),
    "ja": Language("ID", "参加者", "評点", "最終更新日時 (評定)", decimal="."),
    "nl": Language("Identificatie", "Deelnemer", "Cijfer", "Laatst gewijzigd (beoordeling)"),
    "pt": Language("Identificador", "Participante", "Avaliação", "Última atualização (avaliação)"),
    "ro": Language("Identificator", "Participant", "Notă", "Ultima modificare (nota)"),
    "ru": Language("Идентификатор", "Участник", "Оценка", "Последнее изменение (оценка)"),
    "sv": Language("Identifierare", "Deltagare", "Betyg", "Senast modifierat (betyg)"),
    "tr": Language("Tanımlayıcı", "Katılımcı", "Not", "Son düzenleme (not)"),
    "uk": Language("Ідентифікатор", "Учасник", "Оцінка", "Востаннє змінювалося (оцінка)"),
    "zh_cn": Language("标识符", "参与人", "成绩", "上次修改（评分）", decimal="."),
}
"""By Moodle's name of the language."""
