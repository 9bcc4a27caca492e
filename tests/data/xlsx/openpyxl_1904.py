"""Made openpyxl_1904.xlsx with openpyxl 3.0.9: a workbook whose days count from 1904."""
import datetime

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

book = Workbook()
book.epoch = CALENDAR_MAC_1904
sheet = book.active
sheet.title = 'Lösungen & Ähnliches'
sheet.append(['LastName', None, 'Birthdate', 'When', 'Time', 'Span', 'Long', 'Flag'])
sheet.append(['Früh', None, datetime.date(1904, 1, 1), datetime.datetime(1999, 12, 31, 23, 59, 59, 500000), datetime.time(6, 30),
              datetime.timedelta(hours=36, minutes=5), 1234567890123456, False])
sheet.append(['Spät', None, datetime.date(2026, 2, 28), datetime.datetime(2026, 2, 28), datetime.time(0, 0), datetime.timedelta(0), -0.000001, True])
sheet['K3'] = 'no name above'
sheet['A5'] = 'a\tb'
book.save('openpyxl_1904.xlsx')
